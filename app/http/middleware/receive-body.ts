import * as messages from '@/lib/generated/messages/http-errors'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { authenticate } from '@/lib/accounts/authenticate'
import { MAX_SUBTITLE_BYTES, subtitleFileTooLargeError } from '@/lib/captions/import-file'
import { AppError } from '@/lib/errors'
import { formatBytes } from '@/lib/text/format-bytes'
import { MAX_PICTURE_BYTES, pictureTooLargeError } from '@/lib/videos/picture-file'
import { sendProblem } from '../problem-details'
import { toWebHeaders } from '../to-web-headers'
import { BodyBudget } from './body-budget'
import { toClientNetwork } from './client-ip'
import { HeldBody } from './held-body'

const MIB = 1024 ** 2
const SMALL_BYTES = 64 * 1024
const IDLE_TIMEOUT_MS = 15_000
const SMALL_TIMEOUT_MS = 30_000
/** The slowest connection that can send the largest body has about 1 Mbit/s. */
const LARGE_TIMEOUT_MS = 150_000

const bodyTooLarge = (maxBytes: number) =>
  new AppError({
    code: 'request.too_large',
    message: messages.bodyTooLarge({ limit: formatBytes(maxBytes) }),
    status: 413,
  })

const createLimit = (maxBytes: number) => ({ maxBytes, tooLargeError: () => bodyTooLarge(maxBytes) })

const SMALL_LIMIT = createLimit(SMALL_BYTES)
const USUAL_LIMIT = createLimit(1_000_000)
/** One change may correct thousands of cues. */
const CUES_LIMIT = createLimit(16_000_000)
const CAPTION_FILE_LIMIT = { maxBytes: MAX_SUBTITLE_BYTES, tooLargeError: subtitleFileTooLargeError }
const PICTURE_LIMIT = { maxBytes: MAX_PICTURE_BYTES, tooLargeError: pictureTooLargeError }

const smallBodies = new BodyBudget({ totalBytes: 32 * MIB, senderBytes: 4 * MIB })
const largeBodies = new BodyBudget({ totalBytes: 128 * MIB, senderBytes: 48 * MIB })

/**
 * Receives the whole body of a request for Next.js, whose routes hold it in memory. One that exceeds 64 kB, or may, is
 * accepted only from users. Resolves to whether the request may proceed; otherwise it is answered with 401, 408, 413, 429
 * or 503.
 */
export async function receiveBody(request: IncomingMessage, response: ServerResponse) {
  const { url = '', headers } = request
  const isChunked = headers['transfer-encoding'] !== undefined
  const contentLength = Number(headers['content-length'] ?? 0)
  if (!isChunked && contentLength === 0) return true
  const limit = bodyLimit(url)
  const body = new HeldBody(request, {
    initialBytes: SMALL_BYTES,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    maxBytes: limit.maxBytes,
  })
  response.once('close', () => body.release())
  try {
    const isSmall = !isChunked && contentLength <= SMALL_BYTES
    const userId = isSmall ? undefined : (await authenticate(toWebHeaders(request)))?.id
    if (!isSmall && !userId && url.startsWith('/api/v1/')) throw signInRequiredError()
    const allowance = userId ? allowLarge(userId, limit) : allowSmall(request)
    if (contentLength > allowance.maxBytes) throw allowance.tooLargeError()
    await body.receive(allowance)
    return true
  } catch (error) {
    body.release()
    if (!request.destroyed) await sendProblem(response, error)
    return false
  }
}

const CUES_URL = /^\/api\/v1\/captions\/[\w-]+\/cues\/?(\?|$)/
const POSTER_PICTURE_URL = /^\/api\/v1\/videos\/[\w-]+\/poster\/picture\/?(\?|$)/
const CAPTION_FILE_URL = /^\/api\/v1\/videos\/[\w-]+\/captions\/files\/?(\?|$)/

function bodyLimit(url: string) {
  if (CAPTION_FILE_URL.test(url)) return CAPTION_FILE_LIMIT
  if (POSTER_PICTURE_URL.test(url)) return PICTURE_LIMIT
  return CUES_URL.test(url) ? CUES_LIMIT : USUAL_LIMIT
}

const allowLarge = (userId: string, limit: ReturnType<typeof bodyLimit>) => ({
  budget: largeBodies,
  sender: userId,
  totalTimeoutMs: LARGE_TIMEOUT_MS,
  ...limit,
})

/** Counted by address, because the sender is not known yet. */
const allowSmall = ({ headers }: IncomingMessage) => ({
  budget: smallBodies,
  sender: toClientNetwork(String(headers['x-forwarded-for'])),
  totalTimeoutMs: SMALL_TIMEOUT_MS,
  ...SMALL_LIMIT,
})

const signInRequiredError = () =>
  new AppError({
    code: 'account.sign_in_required',
    message: messages.signInRequired(),
    status: 401,
  })
