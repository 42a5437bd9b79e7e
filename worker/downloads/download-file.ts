import { mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { AppError } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/download-errors'
import { withFileLock } from '../process/file-lock'
import { readFileSizeBytes } from '../process/file-size'
import { hasChecksum } from './checksum'
import { createDownloadError } from './download-error'
import type { DownloadOptions } from './download-options'
import { receiveFile } from './receive-file'

const RETRY_DELAY_MS = 500

/**
 * Downloads a file over HTTP unless it exists, and verifies its checksum; only a complete, verified file appears at its
 * path. Resumes an interrupted download if the server supports it (RFC 9110, Range). Concurrent downloads of one
 * destination run one at a time, also across processes. An abort keeps the partial data and throws the signal's reason.
 * @throws {AppError} download.unreachable, .refused, .cut_off, .too_large, .wrong_content or .no_room
 */
export async function downloadFile(options: DownloadOptions): Promise<void> {
  const { url, destination, checksum, signal } = options
  await mkdir(path.dirname(destination), { recursive: true })
  await withFileLock({ file: `${destination}.lock`, signal }, async () => {
    // Another caller may have downloaded it while this one waited.
    if (await hasChecksum(destination, { checksum, signal })) return
    await rm(destination, { force: true })
    const part = `${destination}.part`
    await receiveWithRetries(part, options)
    if (!(await hasChecksum(part, { checksum, signal }))) {
      await rm(part, { force: true })
      throw createDownloadError('wrong_content', { url, reason: messages.checksum() })
    }
    await rename(part, destination)
  })
}

async function receiveWithRetries(part: string, options: DownloadOptions) {
  const { signal, maxAttempts = 1 } = options
  for (let attempt = 1; ; attempt++) {
    const bytesBefore = await readFileSizeBytes(part)
    try {
      return await receiveFile({ ...options, part, offsetBytes: bytesBefore })
    } catch (error) {
      signal.throwIfAborted()
      const { code } = error as AppError
      // This partial file cannot be resumed, and may fill the disk.
      if (code === 'download.no_room' || code === 'download.too_large') await rm(part, { force: true })
      const isInterrupted =
        code === 'download.cut_off' || (code === 'download.unreachable' && bytesBefore > 0)
      if (!isInterrupted || maxAttempts === 1) throw error
      if (attempt >= maxAttempts && (await readFileSizeBytes(part)) <= bytesBefore) throw error
      await delay(RETRY_DELAY_MS, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
}
