import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { waitUntil } from '@/lib/concurrency/wait-until'
import { AppError } from '@/lib/errors'
import { statRegularFile } from '@/lib/storage/regular-file'
import { createEmptyDisk, flattenDisk } from '../images/qemu-img'
import { type QmpClient, withQmp } from '../monitor/qmp'
import { prepareGuestFolder } from '../state/guest-folder'
import { guestFileOf, guestFiles } from '../state/machine-files'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

const COPY_TIMEOUT_MS = 60 * 60_000
const POLL_INTERVAL_MS = 20
const COPY_FILE_NAME = 'snapshot.qcow2'
const JOB_ID = 'copy'

interface CopyOptions {
  folder: string
  /** The folder that QEMU may write to, as QEMU sees it. */
  qemuFolder: string
  /** Backing files of the disk, nearest first. */
  backing: string[]
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
 * Copies a disk with its backing files into one file in the folder of its machine and returns its path. For a running
 * machine the copy is consistent as of its start. An abort leaves no file.
 * @throws {AppError} machine.not_copied; the signal's reason
 */
export async function copyDisk(copy: CopyOptions) {
  const to = path.join(copy.folder, COPY_FILE_NAME)
  await rm(to, { force: true })
  try {
    if (copy.isRunning) await copyRunningDisk(copy, to)
    else {
      const from = await prepareGuestFolder(copy.folder)
      await flattenDisk({ from, backing: copy.backing, to, signal: copy.signal })
    }
  } catch (error) {
    await rm(to, { recursive: true, force: true })
    throw error
  }
  return to
}

/** QEMU writes the copy in its own folder, which is untrusted: the file is moved there and back, never followed. */
async function copyRunningDisk(copy: CopyOptions, to: string) {
  const inGuestFolder = guestFileOf(copy.folder, COPY_FILE_NAME)
  await createEmptyDisk(to, copy.diskMiB)
  if (inGuestFolder !== to) await rm(inGuestFolder, { recursive: true, force: true })
  await rename(to, inGuestFolder)
  try {
    await runBackupJob(copy)
  } catch (error) {
    await rm(inGuestFolder, { recursive: true, force: true })
    throw error
  }
  await rename(inGuestFolder, to)
  if ((await statRegularFile(to))?.nlink !== 1) throw copyFailed('QEMU replaced the file of the copy')
}

async function runBackupJob({ folder, qemuFolder, signal, onProgress }: CopyOptions) {
  const target = {
    driver: 'qcow2',
    'node-name': 'copy',
    file: { driver: 'file', filename: `${qemuFolder}/${COPY_FILE_NAME}` },
  }
  await withQmp(
    { path: guestFileOf(folder, guestFiles.monitor), timeoutMs: COPY_TIMEOUT_MS },
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

const copyFailed = (reason: string) =>
  new AppError({ code: 'machine.not_copied', message: messages.diskNotCopied({ reason }), status: 503 })
