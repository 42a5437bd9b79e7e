import { setTimeout as delay } from 'node:timers/promises'
import { importUrlTask } from '@/lib/imports/tasks'
import * as messages from '@/lib/generated/messages/import-tasks'
import type { TaskHandler } from '../runtime/handler'
import { isTransientError } from './errors'
import { discardImport, endImport } from './end-import'
import type { ImportRun } from './load-import'
import { type DownloadLimits, type StoredFile, UrlDownload } from './url-download'

interface Limits extends DownloadLimits {
  /** Connections in a row that bring no byte, after which the attempt of the task fails. */
  maxFailures: number
  /** Before the second connection; it doubles with every further one. */
  retryDelayMs: number
}

const LIMITS: Limits = {
  responseTimeoutMs: 30_000,
  stallTimeoutMs: 60_000,
  minBytes: 4_096,
  maxFailures: 4,
  retryDelayMs: 1_000,
}

/** Fetches the file of a video from its URL. A later run continues where an earlier one stopped, if the server can. */
export const createImportUrl = (limits: Partial<Limits> = {}): TaskHandler<typeof importUrlTask> => ({
  kind: importUrlTask,
  run: (run) => endImport(run, () => receiveFile(run, { ...LIMITS, ...limits })),
  discard: discardImport,
})

async function receiveFile(run: ImportRun, limits: Limits): Promise<StoredFile> {
  const download = new UrlDownload(run, limits)
  let most = 0
  for (let failures = 1; ; failures++) {
    try {
      return await download.receive()
    } catch (error) {
      run.signal.throwIfAborted()
      if (!isTransientError(error)) throw error
      run.log.warn({ err: error }, 'connection of an import failed')
      const received = await download.countBytes()
      if (received > most) failures = 1
      if (failures >= limits.maxFailures) throw error
      most = Math.max(most, received)
      run.report({ stage: messages.connectionLost(), etaSeconds: null })
      await delay(limits.retryDelayMs * 2 ** (failures - 1), undefined, { signal: run.signal })
    }
  }
}
