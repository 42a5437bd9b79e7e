import { ReadableStream } from 'node:stream/web'
import { processSingleton } from '@/lib/concurrency/process-singleton'
import { ThreadPool } from '@/lib/concurrency/thread-pool'
import { THREAD_POOL_SIZE } from '@/lib/database/db'
import { getLocale, type Locale } from '@/lib/i18n/locale'
import { projectPath } from '@/lib/process/project-path'
import type { threadResponses } from './thread-responses'

type ThreadResponses = typeof threadResponses

export interface ThreadRequest {
  name: keyof ThreadResponses
  input: unknown
  /** Of the request. */
  locale: Locale
}

export interface ThreadResponse {
  status: number
  headers: [string, string][]
  body: ArrayBuffer
}

/** Two, so that one large document does not delay all others. */
const MAX_THREADS = 2
/** As many as a thread has database connections. */
const MAX_CALLS = THREAD_POOL_SIZE
/** Longer than any transaction may take. */
const TIMEOUT_MS = 60_000

const pool = processSingleton<ThreadPool<ThreadResponse>>('response threads')

/**
 * Creates one of `threadResponses` in a thread with its own database connections, so that a large document does not block
 * the event loop. `transfer` lists buffers in `input` that move there without a copy. Errors become problem+json.
 */
export async function respondInThread<Name extends keyof ThreadResponses>(
  name: Name,
  input: Parameters<ThreadResponses[Name]>[0],
  transfer: ArrayBuffer[] = [],
) {
  pool.current ??= new ThreadPool({
    file: projectPath('dist/response-thread.js'),
    maxThreads: MAX_THREADS,
    maxCallsPerThread: MAX_CALLS,
    timeoutMs: TIMEOUT_MS,
  })
  const request: ThreadRequest = { name, input, locale: getLocale() }
  const { status, headers, body } = await pool.current.run(request, transfer)
  return new Response(ReadableStream.from(pieces(body)) as BodyInit, {
    status,
    headers: [...headers, ['content-length', String(body.byteLength)]],
  })
}

const PIECE_BYTES = 64 * 1024

/** A `Response` would copy a buffer three times, at once; it passes pieces on. */
function* pieces(body: ArrayBuffer) {
  for (let start = 0; start < body.byteLength; start += PIECE_BYTES)
    yield new Uint8Array(body, start, Math.min(PIECE_BYTES, body.byteLength - start))
}
