import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { AppError } from '@/lib/errors'

export interface Download {
  url: string
  /** Where the file is put when it is whole. Until then its bytes are beside it, as `.part`. */
  destination: string
  /** What it has to be. Anything else is thrown away. */
  checksum?: { algorithm: 'sha1' | 'sha256' | 'sha512'; hex: string }
  /** In bytes, where that is known; a larger one is refused before it fills the disk. */
  sizeBytes?: number
  signal: AbortSignal
  /** Longest time without a byte, in milliseconds. 60 s by default. */
  stallMs?: number
  onProgress?(progress: { bytes: number; totalBytes: number | null }): void
}

/**
 * Downloads a file over HTTP. Goes on from what an earlier attempt left, where the server can do that
 * (RFC 9110, Range); compares the checksum; the file appears under its name only when it is whole and right.
 * An abort leaves what has come, and throws the signal's reason. Not for two at once of the same destination.
 * @throws {AppError} download.unreachable, .refused, .cut_off, .too_large or .wrong_content
 */
export async function download(options: Download): Promise<void> {
  const part = `${options.destination}.part`
  await mkdir(path.dirname(options.destination), { recursive: true })
  await fetchInto(part, options)
  if (options.checksum && (await hashFile(part, options.checksum.algorithm)) !== options.checksum.hex) {
    await rm(part, { force: true })
    throw problem('wrong_content', options.url, 'what came is not the file that it should be')
  }
  await rename(part, options.destination)
}

/** Hexadecimal. */
export async function hashFile(file: string, algorithm: 'sha1' | 'sha256' | 'sha512') {
  const hash = createHash(algorithm)
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

async function fetchInto(part: string, options: Download) {
  const { url, signal, sizeBytes, onProgress, stallMs = 60_000 } = options
  const had = (await stat(part).catch(() => null))?.size ?? 0
  if (had > 0 && had === sizeBytes) return
  const stall = new AbortController()
  let timer = setTimeout(() => stall.abort(), stallMs)
  try {
    const answer = await fetch(url, {
      signal: AbortSignal.any([signal, stall.signal]),
      headers: { 'accept-encoding': 'identity', ...(had > 0 ? { range: `bytes=${had}-` } : {}) },
    })
    // There is nothing behind what we have: it is whole, or another file. The checksum tells.
    if (answer.status === 416) return await keepIfWhole(part, had, answer, options)
    if (!answer.ok) throw problem('refused', url, `the server answers ${answer.status}`)
    const isContinued = answer.status === 206
    let bytes = isContinued ? had : 0
    const length = Number(answer.headers.get('content-length'))
    const totalBytes = length > 0 ? bytes + length : (sizeBytes ?? null)
    if (sizeBytes && totalBytes && totalBytes > sizeBytes)
      throw problem('too_large', url, 'it is larger than it should be')
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        clearTimeout(timer)
        timer = setTimeout(() => stall.abort(), stallMs)
        bytes += chunk.length
        if (sizeBytes && bytes > sizeBytes)
          return done(problem('too_large', url, 'it is larger than it should be'))
        onProgress?.({ bytes, totalBytes })
        done(null, chunk)
      },
    })
    const body = Readable.fromWeb(answer.body as ReadableStream<Uint8Array>)
    await pipeline(body, count, createWriteStream(part, { flags: isContinued ? 'a' : 'w' }))
    if (totalBytes !== null && bytes < totalBytes) throw problem('cut_off', url, 'it ended early')
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof AppError) throw error
    if (stall.signal.aborted) throw problem('cut_off', url, `nothing came for ${stallMs / 1000} s`, error)
    throw problem(had > 0 ? 'cut_off' : 'unreachable', url, whyOf(error), error)
  } finally {
    clearTimeout(timer)
  }
}

async function keepIfWhole(part: string, had: number, answer: Response, options: Download) {
  const total = Number(/\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1])
  if (total === had) return
  await rm(part, { force: true })
  await fetchInto(part, options)
}

/** fetch says "fetch failed", and its cause why. */
function whyOf(error: unknown) {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string }
  return cause?.code ?? cause?.message ?? message ?? String(error)
}

const problem = (code: string, url: string, why: string, cause?: unknown) =>
  new AppError({
    code: `download.${code}`,
    message: `${path.basename(new URL(url).pathname)} could not be downloaded from ${new URL(url).host}: ${why}.`,
    status: 502,
    cause,
  })
