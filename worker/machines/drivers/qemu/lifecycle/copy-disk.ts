import { rm } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/errors'
import { createEmptyDisk, flattenDisk } from '../images/qemu-img'
import { machineFiles } from '../state/machine-folders'
import { withQmp } from '../monitor/qmp'

const COPY_TIMEOUT_MS = 60 * 60_000
const COPY_FILE_NAME = 'snapshot.qcow2'

interface CopyOptions {
  folder: string
  seenFolder: string
  diskMiB: number
  isRunning: boolean
  signal: AbortSignal
  onProgress(progress: number): void
}

interface BlockJob {
  status: string
  error?: string
  'current-progress': number
  'total-progress': number
}

/**
 * Copies a disk into one file with everything in it, beside the disk. Of a running machine it holds
 * what was on the disk at the moment the copy began.
 */
export async function copyDisk(copy: CopyOptions) {
  const to = path.join(copy.folder, COPY_FILE_NAME)
  await rm(to, { force: true })
  try {
    if (copy.isRunning) await copyRunningDisk(copy, to)
    else await flattenDisk(path.join(copy.folder, machineFiles.disk), to, copy.signal)
  } catch (error) {
    await rm(to, { force: true })
    throw error
  }
  return to
}

async function copyRunningDisk({ folder, seenFolder, diskMiB, signal, onProgress }: CopyOptions, to: string) {
  await createEmptyDisk(to, diskMiB, signal)
  await withQmp(
    path.join(folder, machineFiles.monitor),
    async (qmp) => {
      const opened = {
        driver: 'qcow2',
        'node-name': 'copy',
        file: { driver: 'file', filename: `${seenFolder}/${COPY_FILE_NAME}` },
      }
      await qmp.execute('blockdev-add', opened)
      try {
        await qmp.execute('blockdev-backup', {
          'job-id': 'copy',
          device: 'disk',
          target: 'copy',
          sync: 'full',
          'auto-dismiss': false,
        })
        for (;;) {
          const [job] = (await qmp.execute<(BlockJob & { id: string })[]>('query-jobs')).filter(
            ({ id }) => id === 'copy',
          )
          if (!job || job.status === 'concluded') {
            if (job) await qmp.execute('job-dismiss', { id: 'copy' })
            if (job?.error && !signal.aborted) throw copyFailed(job.error)
            break
          }
          if (job['total-progress'] > 0) onProgress(job['current-progress'] / job['total-progress'])
          if (signal.aborted) await qmp.execute('job-cancel', { id: 'copy' }).catch(() => undefined)
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
        signal.throwIfAborted()
      } finally {
        await qmp.execute('blockdev-del', { 'node-name': 'copy' }).catch(() => undefined)
      }
    },
    COPY_TIMEOUT_MS,
  )
}

const copyFailed = (why: string) =>
  new AppError({ code: 'machine.not_copied', message: `The disk could not be copied: ${why}`, status: 503 })
