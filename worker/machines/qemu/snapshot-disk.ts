import { rm } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/errors'
import { createEmptyDisk, flatten } from '../images/qemu-img'
import { files } from './machine-folder'
import { withQmp } from './qmp'

const COPY_MS = 60 * 60_000
const NAME = 'snapshot.qcow2'

interface Copy {
  folder: string
  seenFolder: string
  diskMiB: number
  isRunning: boolean
  signal: AbortSignal
  onProgress(progress: number): void
}

interface Job {
  status: string
  error?: string
  'current-progress': number
  'total-progress': number
}

/**
 * Copies a disk into one file with everything in it, beside the disk. Of a running machine it holds
 * what was on the disk at the moment the copy began.
 */
export async function copyDisk(copy: Copy) {
  const to = path.join(copy.folder, NAME)
  await rm(to, { force: true })
  try {
    if (copy.isRunning) await copyLive(copy, to)
    else await flatten(path.join(copy.folder, files.disk), to, copy.signal)
  } catch (error) {
    await rm(to, { force: true })
    throw error
  }
  return to
}

async function copyLive({ folder, seenFolder, diskMiB, signal, onProgress }: Copy, to: string) {
  await createEmptyDisk(to, diskMiB, signal)
  await withQmp(
    path.join(folder, files.monitor),
    async (qmp) => {
      const opened = {
        driver: 'qcow2',
        'node-name': 'copy',
        file: { driver: 'file', filename: `${seenFolder}/${NAME}` },
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
          const [job] = (await qmp.execute<(Job & { id: string })[]>('query-jobs')).filter(
            ({ id }) => id === 'copy',
          )
          if (!job || job.status === 'concluded') {
            if (job) await qmp.execute('job-dismiss', { id: 'copy' })
            if (job?.error && !signal.aborted) throw notCopied(job.error)
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
    COPY_MS,
  )
}

const notCopied = (why: string) =>
  new AppError({ code: 'machine.not_copied', message: `The disk could not be copied: ${why}`, status: 503 })
