import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '@/lib/errors'
import { formatBytes } from '@/lib/text/format-bytes'
import { sendProblem } from '../problem-details'
import { drainRequest } from './drain-request'

const MAX_BODY_BYTES = 1_000_000
/** One change may correct thousands of cues. */
const MAX_CUES_BODY_BYTES = 16_000_000
const CUES_URL = /^\/api\/v1\/captions\/[\w-]+\/cues\/?(\?|$)/
/** This route enforces a limit and sends an error of its own. */
const CAPTION_FILE_URL = /^\/api\/v1\/videos\/[\w-]+\/captions\/files\/?(\?|$)/

/**
 * Limits the body of a request for Next.js, whose routes hold it in memory; a larger one is answered with 413. A body
 * without a stated length is buffered completely first. Resolves to whether the request may proceed.
 */
export async function enforceBodyLimit(request: IncomingMessage, response: ServerResponse) {
  const { url = '', headers } = request
  if (CAPTION_FILE_URL.test(url)) return true
  const maxBytes = CUES_URL.test(url) ? MAX_CUES_BODY_BYTES : MAX_BODY_BYTES
  const isWithinLimit = headers['transfer-encoding']
    ? await bufferBody(request, maxBytes)
    : Number(headers['content-length'] ?? 0) <= maxBytes
  if (!isWithinLimit && !request.destroyed) {
    await sendProblem(response, bodyTooLarge(maxBytes))
    drainRequest(request)
  }
  return isWithinLimit
}

/** Holds back the body of `request` until it is complete. Resolves to false if it exceeds `maxBytes` or breaks off. */
function bufferBody(request: IncomingMessage, maxBytes: number) {
  // One growing buffer, because a body may arrive in as many chunks as it has bytes.
  const buffer = new ArrayBuffer(0, { maxByteLength: maxBytes })
  const push = request.push.bind(request)
  return new Promise<boolean>((resolve) => {
    request.once('close', () => resolve(false))
    // Intercepts `push` instead of reading: Next.js rejects a body that has already been read from.
    request.push = (chunk: Buffer | null) => {
      const offset = buffer.byteLength
      if (chunk && offset + chunk.length <= maxBytes) {
        buffer.resize(offset + chunk.length)
        new Uint8Array(buffer).set(chunk, offset)
        return true
      }
      request.push = push
      if (chunk === null) {
        if (offset > 0) push(Buffer.from(buffer.slice()))
        push(null)
      }
      resolve(chunk === null)
      return true
    }
  })
}

const bodyTooLarge = (maxBytes: number) =>
  new AppError({
    code: 'request.too_large',
    message: `The request body is too large. The limit is ${formatBytes(maxBytes)}.`,
    status: 413,
  })
