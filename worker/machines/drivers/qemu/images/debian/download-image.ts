import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/errors'
import { httpGet } from '@/worker/downloads/http-get'
import { downloadFile } from '@/worker/downloads/download-file'
import { findChecksum } from './checksums'
import {
  downloadInterrupted,
  insecureRedirect,
  downloadRefused,
  imageTooLarge,
  checksumMissing,
  imageHostUnreachable,
  checksumMismatch,
} from './download-errors'

/** Where there is no internet, this is what one waits. */
const RESPONSE_TIMEOUT_MS = 5_000
const STALL_TIMEOUT_MS = 30_000
const MAX_IMAGE_BYTES = 4 * 1024 ** 3
const MAX_ATTEMPTS = 5

interface DownloadOptions {
  url: string
  /** Kept from one try to the next; holds only this download. */
  dir: string
  to: string
  signal: AbortSignal
  onProgress(progress: { bytes: number; totalBytes: number | null }): void
}

/**
 * Downloads an image whose SHA-512 stands in `SHA512SUMS` beside it. What broke off is gone on from; it
 * appears at `to` only when it is whole and right.
 * @throws {AppError} machine.image_unreachable, machine.image_interrupted
 * @throws {PermanentError} machine.image_not_there, machine.image_unverified, machine.image_too_large
 * @throws {Error} ENOSPC as it is: whoever makes the image has words for it
 */
export async function downloadImage({ url, dir, to, signal, onProgress }: DownloadOptions) {
  const hex = await fetchChecksum(url, signal)
  const destination = path.join(dir, hex.slice(0, 16))
  await removeStaleDownloads(dir, path.basename(destination))
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const checksum = { algorithm: 'sha512', hex } as const
  try {
    await downloadFile({
      url,
      destination,
      checksum,
      signal,
      responseTimeoutMs: RESPONSE_TIMEOUT_MS,
      stallTimeoutMs: STALL_TIMEOUT_MS,
      maxBytes: MAX_IMAGE_BYTES,
      maxAttempts: MAX_ATTEMPTS,
      onProgress,
    })
    await rename(destination, to)
  } catch (error) {
    signal.throwIfAborted()
    if (!isInterrupted(error)) await rm(dir, { recursive: true, force: true })
    throw toImageError(url, error)
  }
  await rm(dir, { recursive: true, force: true })
}

async function fetchChecksum(url: string, signal: AbortSignal) {
  const list = new URL('SHA512SUMS', url).href
  const answer = await httpGet(list, { signal, responseTimeoutMs: RESPONSE_TIMEOUT_MS }).catch(
    (error: unknown) => {
      signal.throwIfAborted()
      throw errorCode(error) === 'download.refused'
        ? downloadRefused(url, errorStatus(error))
        : imageHostUnreachable(url, error)
    },
  )
  // The list is what all the rest is held against, so nobody on the way may have written it.
  if (url.startsWith('https:') && !answer.url.startsWith('https:')) {
    await answer.body?.cancel()
    throw insecureRedirect(url, answer.url)
  }
  const text = await answer.text().catch((error: unknown) => {
    throw signal.aborted ? signal.reason : imageHostUnreachable(url, error)
  })
  const sum = findChecksum(text, path.posix.basename(new URL(url).pathname))
  if (!sum) throw checksumMissing(url)
  return sum
}

/** Another release has come out since, or another address was set. */
async function removeStaleDownloads(dir: string, own: string) {
  for (const name of await readdir(dir).catch(() => []))
    if (!name.startsWith(own)) await rm(path.join(dir, name), { recursive: true, force: true })
}

/** Its server has answered before, with the checksums: it is there, whatever it does now. */
function toImageError(url: string, error: unknown) {
  if (isInterrupted(error)) return downloadInterrupted(url, error)
  switch (errorCode(error)) {
    case 'download.refused':
      return downloadRefused(url, errorStatus(error))
    case 'download.too_large':
      return imageTooLarge(url)
    case 'download.wrong_content':
      return checksumMismatch(url)
    case 'download.no_room':
      return (error as AppError).cause
    default:
      return error
  }
}

const isInterrupted = (error: unknown) =>
  ['download.unreachable', 'download.cut_off'].includes(errorCode(error) ?? '')
const errorCode = (error: unknown) => (error instanceof AppError ? error.code : undefined)
const errorStatus = (error: unknown) => Number((error as AppError).details?.status)
