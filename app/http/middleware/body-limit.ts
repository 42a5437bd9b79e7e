import type { IncomingMessage, ServerResponse } from 'node:http'
import { toProblemResponse } from '@/app/api/route-handler'
import { AppError } from '@/lib/errors'
import { formatBytes } from '@/lib/text/format-bytes'
import { drainRequest } from './drain-request'

const MAX_BODY_BYTES = 1_000_000
/** One change may put thousands of cues right. */
const MAX_CUES_BODY_BYTES = 16_000_000
const CUES_URL = /^\/api\/v1\/captions\/[\w-]+\/cues\/?(\?|$)/
/** It counts for itself, and has words of its own. */
const CAPTION_FILE_URL = /^\/api\/v1\/videos\/[\w-]+\/captions\/files\/?(\?|$)/

/**
 * Whether the body of a request that Next.js is to answer is one that may be held in memory, as routes hold it. One
 * that is too large is answered with 413. One that does not say how long it is has to be here as a whole before.
 */
export async function enforceBodyLimit(request: IncomingMessage, response: ServerResponse) {
  const { url = '', headers } = request
  if (CAPTION_FILE_URL.test(url)) return true
  const maxBytes = CUES_URL.test(url) ? MAX_CUES_BODY_BYTES : MAX_BODY_BYTES
  const isTaken = headers['transfer-encoding']
    ? await bufferBody(request, maxBytes)
    : Number(headers['content-length'] ?? 0) <= maxBytes
  // Whoever hung up meanwhile is told nothing.
  if (!isTaken && !request.destroyed) await rejectTooLarge(request, response, maxBytes)
  return isTaken
}

/** Keeps the body from `request` until all of it is here. Resolves to whether it came, of `maxBytes` at most. */
function bufferBody(request: IncomingMessage, maxBytes: number) {
  // In one piece, for it may come in as many as it has bytes.
  const held = new ArrayBuffer(0, { maxByteLength: maxBytes })
  const push = request.push.bind(request)
  return new Promise<boolean>((resolve) => {
    request.once('close', () => resolve(false))
    // Next.js refuses a body that somebody has read from before.
    request.push = (chunk: Buffer | null) => {
      const at = held.byteLength
      if (chunk && at + chunk.length <= maxBytes) {
        held.resize(at + chunk.length)
        new Uint8Array(held).set(chunk, at)
        return true
      }
      request.push = push
      if (chunk === null) {
        if (at > 0) push(Buffer.from(held.slice()))
        push(null)
      }
      resolve(chunk === null)
      return true
    }
  })
}

async function rejectTooLarge(request: IncomingMessage, response: ServerResponse, maxBytes: number) {
  const answer = toProblemResponse(
    new AppError({
      code: 'request.too_large',
      message: `This is more than is taken here: ${formatBytes(maxBytes)} at most.`,
      status: 413,
    }),
  )
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
  drainRequest(request)
}
