import { createWriteStream } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { checksumIn, sha512Of } from './checksums'
import { interrupted, refused, tooLarge, unlisted, unreachable, wrongChecksum } from './download-errors'

/** Until a server has answered at all: where there is no internet, this is what one waits. */
const ANSWER_MS = 5_000
const SILENCE_MS = 30_000
const MOST_BYTES = 4 * 1024 ** 3
const MOST_TRIES = 5
const AGAIN_MS = 500

interface Download {
  url: string
  /** Kept from one try to the next; holds only this download. */
  dir: string
  to: string
  signal: AbortSignal
  onProgress(receivedBytes: number, totalBytes: number | null): void
}

/**
 * Downloads a file whose SHA-512 stands in `SHA512SUMS` beside it. What broke off is gone on from; it
 * appears at `to` only when it is whole and right.
 * @throws {AppError} machine.image_unreachable, machine.image_interrupted
 * @throws {PermanentError} machine.image_not_there, machine.image_unverified, machine.image_too_large
 */
export async function download(given: Download) {
  const { url, dir, to, signal } = given
  const sum = await findChecksum(url, signal)
  const [part, of] = [path.join(dir, 'part'), path.join(dir, 'of')]
  await mkdir(dir, { recursive: true, mode: 0o700 })
  // Another release has come out since, or another address was set.
  if ((await readFile(of, 'utf8').catch(() => '')) !== sum) await rm(part, { force: true })
  await writeFile(of, sum)
  for (let tries = 1; ; tries++) {
    const before = await sizeOf(part)
    try {
      await receive(given, part)
      break
    } catch (error) {
      signal.throwIfAborted()
      const { code } = error as { code?: string }
      // What nearly fills the disk is in everybody's way.
      if (code === 'ENOSPC') await rm(dir, { recursive: true, force: true })
      if (code !== 'machine.image_interrupted') throw error
      // Somebody who sends a little each time may go on doing so.
      if (tries >= MOST_TRIES && (await sizeOf(part)) === before) throw error
      await delay(AGAIN_MS, undefined, { signal })
    }
  }
  const isRight = (await sha512Of(part, signal)) === sum
  if (isRight) await rename(part, to)
  await rm(dir, { recursive: true, force: true })
  if (!isRight) throw wrongChecksum(url)
}

async function findChecksum(url: string, signal: AbortSignal) {
  const list = new URL('SHA512SUMS', url)
  const answer = await ask(list.href, {}, signal)
  const text = await answer.text().catch((error: unknown) => {
    throw signal.aborted ? signal.reason : unreachable(url, error)
  })
  const sum = checksumIn(text, path.posix.basename(new URL(url).pathname))
  if (!sum) throw unlisted(url)
  return sum
}

async function receive({ url, signal, onProgress }: Download, part: string) {
  const stop = new AbortController()
  const both = AbortSignal.any([signal, stop.signal])
  const before = await sizeOf(part)
  const answer = await ask(url, before > 0 ? { Range: `bytes=${before}-` } : {}, both, true)
  // It has no more than we have: whether that is right the checksum says.
  if (answer.status === 416) return answer.body?.cancel()
  const isContinued = answer.status === 206
  const length = Number(answer.headers.get('content-length')) || null
  let received = isContinued ? before : 0
  const total = length === null ? null : received + length
  if ((total ?? 0) > MOST_BYTES) throw tooLarge(url)
  let clock: NodeJS.Timeout | undefined
  const wait = () => {
    clearTimeout(clock)
    clock = setTimeout(() => stop.abort(interrupted(url)), SILENCE_MS)
  }
  const count = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      wait()
      received += chunk.length
      onProgress(received, total)
      callback(received > MOST_BYTES ? tooLarge(url) : null, chunk)
    },
  })
  wait()
  try {
    const body = Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0])
    await pipeline(body, count, createWriteStream(part, { flags: isContinued ? 'a' : 'w' }), { signal: both })
  } catch (error) {
    signal.throwIfAborted()
    const { code } = error as { code?: string }
    // Of this server, not of the other one.
    throw code === 'ENOSPC' || code?.startsWith('machine.') ? error : interrupted(url, error)
  } finally {
    clearTimeout(clock)
  }
}

/** A server that has answered before is there, whatever it does now. */
async function ask(url: string, headers: Record<string, string>, signal: AbortSignal, isThere = false) {
  const late = new AbortController()
  const clock = setTimeout(() => late.abort(new Error(`no answer within ${ANSWER_MS / 1000} s`)), ANSWER_MS)
  const answer = await fetch(url, { headers, signal: AbortSignal.any([signal, late.signal]) })
    .catch((error: unknown) => {
      throw signal.aborted ? signal.reason : isThere ? interrupted(url, error) : unreachable(url, error)
    })
    .finally(() => clearTimeout(clock))
  if (answer.ok || (isThere && answer.status === 416)) return answer
  await answer.body?.cancel()
  if (answer.status >= 500) throw isThere ? interrupted(url) : unreachable(url, answer.statusText)
  throw refused(url, answer.status)
}

const sizeOf = (file: string) =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  )
