import { rm } from 'node:fs/promises'
import path from 'node:path'
import { waitUntil } from '@/lib/concurrency/wait-until'
import { AppError } from '@/lib/errors'
import { createEmptyDisk, flattenDisk } from '../images/qemu-img'
import { type QmpClient, withQmp } from '../monitor/qmp'
import { machineFiles } from '../state/machine-files'

const COPY_TIMEOUT_MS = 60 * 60_000
const POLL_INTERVAL_MS = 20
const COPY_FILE_NAME = 'snapshot.qcow2'
const JOB_ID = 'copy'

interface CopyOptions {
  folder: string
  /** The same folder as QEMU sees it. */
  qemuFolder: string
  diskMiB: number
  isRunning: boolean
  signal: AbortSignal
  onProgress(progress: number): void
}

interface BlockJob {
  id: string
  status: string
  error?: string
  'current-progress': number
  'total-progress': number
}

/**
 * Copies a disk with its backing files into one file in the same folder and returns its path. For a running machine the
 * copy is consistent as of its start. An abort leaves no file.
 * @throws {AppError} machine.not_copied; the signal's reason
 */
export async function copyDisk(copy: CopyOptions) {
  const to = path.join(copy.folder, COPY_FILE_NAME)
  await rm(to, { force: true })
  try {
    if (copy.isRunning) await copyRunningDisk(copy, to)
    else await flattenDisk({ from: path.join(copy.folder, machineFiles.disk), to, signal: copy.signal })
  } catch (error) {
    await rm(to, { force: true })
    throw error
  }
  return to
}

async function copyRunningDisk({ folder, qemuFolder, diskMiB, signal, onProgress }: CopyOptions, to: string) {
  await createEmptyDisk(to, diskMiB)
  const target = {
    driver: 'qcow2',
    'node-name': 'copy',
    file: { driver: 'file', filename: `${qemuFolder}/${COPY_FILE_NAME}` },
  }
  await withQmp(
    { path: path.join(folder, machineFiles.monitor), timeoutMs: COPY_TIMEOUT_MS },
    async (qmp) => {
      await qmp.execute('blockdev-add', target)
      try {
        await qmp.execute('blockdev-backup', {
          'job-id': JOB_ID,
          device: 'disk',
          target: 'copy',
          sync: 'full',
          'auto-dismiss': false,
        })
        // Without the signal: an aborted job has to conclude before its target can be removed.
        await waitUntil(() => isCopyConcluded(qmp, { signal, onProgress }), { intervalMs: POLL_INTERVAL_MS })
        signal.throwIfAborted()
      } finally {
        await qmp.execute('blockdev-del', { 'node-name': 'copy' }).catch(() => undefined)
      }
    },
  )
}

/** Reports progress, or cancels the job once the signal is aborted. */
async function isCopyConcluded(
  qmp: QmpClient,
  { signal, onProgress }: Pick<CopyOptions, 'signal' | 'onProgress'>,
) {
  const job = (await qmp.execute<BlockJob[]>('query-jobs')).find(({ id }) => id === JOB_ID)
  if (!job || job.status === 'concluded') {
    if (job) await qmp.execute('job-dismiss', { id: JOB_ID })
    if (job?.error && !signal.aborted) throw copyFailed(job.error)
    return true
  }
  if (job['total-progress'] > 0) onProgress(job['current-progress'] / job['total-progress'])
  if (signal.aborted) await qmp.execute('job-cancel', { id: JOB_ID }).catch(() => undefined)
  return false
}

const copyFailed = (why: string) =>
  new AppError({ code: 'machine.not_copied', message: `The disk could not be copied: ${why}`, status: 503 })
