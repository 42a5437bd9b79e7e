import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '@/lib/errors'
import { withFileLock } from '../process/file-lock'
import { readFileSizeBytes } from '../process/file-size'
import { httpGet } from './http-get'
import { createDownloadError, networkErrorReason } from './download-error'
import { type Checksum, hasChecksum } from './checksum'

const RETRY_DELAY_MS = 500

export interface DownloadOptions {
  url: string
  /** Where the file is put when it is whole. Until then its bytes are beside it, as `.part`. */
  destination: string
  /** What it has to be. Anything else is thrown away. */
  checksum: Checksum
  /** A larger one is refused before it fills the disk. */
  maxBytes?: number
  signal: AbortSignal
  /** Longest time until the server answers, in milliseconds. As `stallMs` by default. */
  responseTimeoutMs?: number
  /** Longest time without a byte, in milliseconds. 60 s by default. */
  stallTimeoutMs?: number
  /**
   * How often it is tried where it is cut off; after that it is gone on with only while each try brings
   * something. 1 by default: the first cut is the end.
   */
  maxAttempts?: number
  onProgress?(progress: { bytes: number; totalBytes: number | null }): void
}

/**
 * Downloads a file over HTTP, unless it is there already. Goes on from what an earlier attempt left, where
 * the server can do that (RFC 9110, Range); compares the checksum; the file appears under its name only when
 * it is whole and right. Several at once of the same destination, in whatever process, come one after the
 * other. An abort leaves what has come, and throws the signal's reason.
 * @throws {AppError} download.unreachable, .refused, .cut_off, .too_large, .wrong_content or .no_room
 */
export async function downloadFile(given: DownloadOptions): Promise<void> {
  const { url, destination, checksum, signal } = given
  await mkdir(path.dirname(destination), { recursive: true })
  await withFileLock({ file: `${destination}.lock`, signal }, async () => {
    // Somebody else may have brought it while we waited.
    if (await hasChecksum(destination, checksum, signal)) return
    await rm(destination, { force: true })
    const part = `${destination}.part`
    await receiveWithRetries(part, given)
    if (!(await hasChecksum(part, checksum, signal))) {
      await rm(part, { force: true })
      throw createDownloadError('wrong_content', {
        url,
        reason: 'what came is not the file that it should be',
      })
    }
    await rename(part, destination)
  })
}

async function receiveWithRetries(part: string, given: DownloadOptions) {
  const { signal, maxAttempts: tries = 1 } = given
  for (let tried = 1; ; tried++) {
    const before = await readFileSizeBytes(part)
    try {
      return await receiveOnce(part, before, given)
    } catch (error) {
      signal.throwIfAborted()
      const { code } = error as AppError
      // Of no use later, and what nearly fills the disk is in everybody's way.
      if (code === 'download.no_room' || code === 'download.too_large') await rm(part, { force: true })
      const isCut = code === 'download.cut_off' || (code === 'download.unreachable' && before > 0)
      if (!isCut || tries === 1) throw error
      // Somebody who sends a little each time may go on doing so.
      if (tried >= tries && (await readFileSizeBytes(part)) <= before) throw error
      await delay(RETRY_DELAY_MS, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
}

async function receiveOnce(part: string, had: number, given: DownloadOptions): Promise<void> {
  const {
    url,
    signal,
    maxBytes = Infinity,
    onProgress,
    stallTimeoutMs: stallMs = 60_000,
    responseTimeoutMs: answerMs = stallMs,
  } = given
  const answer = await httpGet(url, { signal, responseTimeoutMs: answerMs, offsetBytes: had })
  if (answer.status === 416) {
    await answer.body?.cancel()
    // There is nothing behind what we have: it is whole, or another file. The checksum tells.
    if (Number(/\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1]) === had) return
    await rm(part, { force: true })
    return receiveOnce(part, 0, given)
  }
  const isContinued = answer.status === 206
  let bytes = isContinued ? had : 0
  const length = Number(answer.headers.get('content-length'))
  const totalBytes = length > 0 ? bytes + length : null
  const tooLarge = () => createDownloadError('too_large', { url, reason: 'it is larger than it should be' })
  if ((totalBytes ?? 0) > maxBytes) {
    await answer.body?.cancel()
    throw tooLarge()
  }
  const stall = new AbortController()
  const clock = setTimeout(() => stall.abort(), stallMs)
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      clock.refresh()
      bytes += chunk.length
      if (bytes > maxBytes) return done(tooLarge())
      onProgress?.({ bytes, totalBytes })
      done(null, chunk)
    },
  })
  try {
    const body = Readable.fromWeb(answer.body as ReadableStream<Uint8Array>)
    await pipeline(body, count, createWriteStream(part, { flags: isContinued ? 'a' : 'w' }), {
      signal: AbortSignal.any([signal, stall.signal]),
    })
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof AppError) throw cause
    if ((cause as NodeJS.ErrnoException).code === 'ENOSPC')
      throw createDownloadError('no_room', { url, reason: 'this server’s disk is full', cause })
    const why = stall.signal.aborted ? `nothing came for ${stallMs / 1000} s` : networkErrorReason(cause)
    throw createDownloadError('cut_off', { url, reason: why, cause })
  } finally {
    clearTimeout(clock)
  }
  if (totalBytes !== null && bytes < totalBytes)
    throw createDownloadError('cut_off', { url, reason: 'it ended early' })
}
