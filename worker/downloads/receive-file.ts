import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { AppError } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/download-errors'
import { createDownloadError, networkErrorReason } from './download-error'
import type { DownloadOptions } from './download-options'
import { httpGet } from './http-get'

interface Options extends DownloadOptions {
  /** The partial file. */
  part: string
  /** Its size. */
  offsetBytes: number
}

/** Downloads the bytes after `offsetBytes` and appends them to `part`; replaces `part` if the server cannot resume. */
export async function receiveFile(options: Options): Promise<void> {
  const { part, offsetBytes, url, signal, maxBytes = Infinity, onProgress, stallTimeoutMs = 60_000 } = options
  const { responseTimeoutMs = stallTimeoutMs } = options
  const response = await httpGet(url, { signal, responseTimeoutMs, offsetBytes })
  if (response.status === 416) {
    await response.body?.cancel()
    // The partial file has the full size: it is complete or another file, which the checksum decides.
    if (Number(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1]) === offsetBytes) return
    await rm(part, { force: true })
    return receiveFile({ ...options, offsetBytes: 0 })
  }
  const isResumed = response.status === 206
  let bytes = isResumed ? offsetBytes : 0
  const contentLength = Number(response.headers.get('content-length'))
  const totalBytes = contentLength > 0 ? bytes + contentLength : null
  const tooLarge = () => createDownloadError('too_large', { url, reason: messages.tooLarge() })
  if ((totalBytes ?? 0) > maxBytes) {
    await response.body?.cancel()
    throw tooLarge()
  }
  const stall = new AbortController()
  const stallTimer = setTimeout(() => stall.abort(), stallTimeoutMs)
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      stallTimer.refresh()
      bytes += chunk.length
      if (bytes > maxBytes) return done(tooLarge())
      onProgress?.({ bytes, totalBytes })
      done(null, chunk)
    },
  })
  try {
    const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>)
    await pipeline(body, counter, createWriteStream(part, { flags: isResumed ? 'a' : 'w' }), {
      signal: AbortSignal.any([signal, stall.signal]),
    })
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof AppError) throw cause
    if ((cause as NodeJS.ErrnoException).code === 'ENOSPC')
      throw createDownloadError('no_room', { url, reason: messages.diskFull(), cause })
    const reason = stall.signal.aborted
      ? messages.stalled({ seconds: stallTimeoutMs / 1000 })
      : networkErrorReason(cause)
    throw createDownloadError('cut_off', { url, reason, cause })
  } finally {
    clearTimeout(stallTimer)
  }
  if (totalBytes !== null && bytes < totalBytes)
    throw createDownloadError('cut_off', { url, reason: messages.closedEarly() })
}
