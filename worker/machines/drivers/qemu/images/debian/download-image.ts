import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { type AppError, errorCode } from '@/lib/errors'
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

/** Short, because it delays the first machine on a server without internet access. */
const RESPONSE_TIMEOUT_MS = 5_000
const STALL_TIMEOUT_MS = 30_000
const MAX_IMAGE_BYTES = 4 * 1024 ** 3
const MAX_ATTEMPTS = 5

interface DownloadOptions {
  url: string
  /** Folder for the partial download, which remains between attempts. */
  dir: string
  to: string
  signal: AbortSignal
  onProgress(progress: { bytes: number; totalBytes: number | null }): void
}

/**
 * Downloads an image and verifies it with the SHA-512 in the `SHA512SUMS` of its folder. Resumes an interrupted download; the
 * file appears at `to` only when it is complete and verified.
 * @throws {AppError} machine.image_unreachable, machine.image_interrupted
 * @throws {PermanentError} machine.image_not_there, machine.image_unverified, machine.image_too_large
 * @throws {Error} ENOSPC unmapped, for the caller to map
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
  const response = await httpGet(list, { signal, responseTimeoutMs: RESPONSE_TIMEOUT_MS }).catch(
    (error: unknown) => {
      signal.throwIfAborted()
      throw errorCode(error) === 'download.refused'
        ? downloadRefused(url, errorStatus(error))
        : imageHostUnreachable(url, error)
    },
  )
  // The checksums authenticate the image, so they must not pass through an insecure connection.
  if (url.startsWith('https:') && !response.url.startsWith('https:')) {
    await response.body?.cancel()
    throw insecureRedirect(url, response.url)
  }
  const text = await response.text().catch((error: unknown) => {
    throw signal.aborted ? signal.reason : imageHostUnreachable(url, error)
  })
  const sum = findChecksum(text, path.posix.basename(new URL(url).pathname))
  if (!sum) throw checksumMissing(url)
  return sum
}

/** Removes downloads of an earlier release or another URL. */
async function removeStaleDownloads(dir: string, current: string) {
  for (const name of await readdir(dir).catch(() => []))
    if (!name.startsWith(current)) await rm(path.join(dir, name), { recursive: true, force: true })
}

/** The server has sent the checksums, so a failed connection is an interruption, not an unreachable host. */
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
const errorStatus = (error: unknown) => Number((error as AppError).details?.status)
