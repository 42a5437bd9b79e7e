import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/errors'
import { ask } from '@/worker/downloads/ask'
import { download } from '@/worker/downloads/download'
import { checksumIn } from './checksums'
import {
  interrupted,
  redirected,
  refused,
  tooLarge,
  unlisted,
  unreachable,
  wrongChecksum,
} from './download-errors'

/** Where there is no internet, this is what one waits. */
const ANSWER_MS = 5_000
const SILENCE_MS = 30_000
const MOST_BYTES = 4 * 1024 ** 3
const MOST_TRIES = 5

interface ImageDownload {
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
export async function downloadImage({ url, dir, to, signal, onProgress }: ImageDownload) {
  const hex = await findChecksum(url, signal)
  const destination = path.join(dir, hex.slice(0, 16))
  await removeOthers(dir, path.basename(destination))
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const checksum = { algorithm: 'sha512', hex } as const
  try {
    await download({
      url,
      destination,
      checksum,
      signal,
      answerMs: ANSWER_MS,
      stallMs: SILENCE_MS,
      maxBytes: MOST_BYTES,
      tries: MOST_TRIES,
      onProgress,
    })
    await rename(destination, to)
  } catch (error) {
    signal.throwIfAborted()
    if (!wasCut(error)) await rm(dir, { recursive: true, force: true })
    throw tellOf(url, error)
  }
  await rm(dir, { recursive: true, force: true })
}

async function findChecksum(url: string, signal: AbortSignal) {
  const list = new URL('SHA512SUMS', url).href
  const answer = await ask(list, { signal, answerMs: ANSWER_MS }).catch((error: unknown) => {
    signal.throwIfAborted()
    throw codeOf(error) === 'download.refused' ? refused(url, statusOf(error)) : unreachable(url, error)
  })
  // The list is what all the rest is held against, so nobody on the way may have written it.
  if (url.startsWith('https:') && !answer.url.startsWith('https:')) {
    await answer.body?.cancel()
    throw redirected(url, answer.url)
  }
  const text = await answer.text().catch((error: unknown) => {
    throw signal.aborted ? signal.reason : unreachable(url, error)
  })
  const sum = checksumIn(text, path.posix.basename(new URL(url).pathname))
  if (!sum) throw unlisted(url)
  return sum
}

/** Another release has come out since, or another address was set. */
async function removeOthers(dir: string, own: string) {
  for (const name of await readdir(dir).catch(() => []))
    if (!name.startsWith(own)) await rm(path.join(dir, name), { recursive: true, force: true })
}

/** Its server has answered before, with the checksums: it is there, whatever it does now. */
function tellOf(url: string, error: unknown) {
  if (wasCut(error)) return interrupted(url, error)
  switch (codeOf(error)) {
    case 'download.refused':
      return refused(url, statusOf(error))
    case 'download.too_large':
      return tooLarge(url)
    case 'download.wrong_content':
      return wrongChecksum(url)
    case 'download.no_room':
      return (error as AppError).cause
    default:
      return error
  }
}

const wasCut = (error: unknown) => ['download.unreachable', 'download.cut_off'].includes(codeOf(error) ?? '')
const codeOf = (error: unknown) => (error instanceof AppError ? error.code : undefined)
const statusOf = (error: unknown) => Number((error as AppError).details?.status)
