import { AppError } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/caption-errors'

const MAX_RESPONSE_BYTES = 1024 ** 2

interface ServiceRequest {
  /** Base URL of a service with the API of LibreTranslate. */
  url: string
  path: 'translate' | 'languages'
  /** JSON of a POST request. Default: GET. */
  body?: object
  timeoutMs: number
  signal: AbortSignal
}

/**
 * Sends a request to the translation service. The service is not trusted: it cannot redirect, and the size of its response
 * is limited. Returns the status with the body of a response that is not an error.
 * @throws {AppError} captions.translation_failed if it does not respond as it should, or the signal's reason
 */
export async function requestTranslationService({ url, path, body, timeoutMs, signal }: ServiceRequest) {
  const response = await fetch(new URL(path, url.endsWith('/') ? url : `${url}/`), {
    ...(body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
    // The key belongs to the configured server.
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : translationFailed(messages.translationUnreachable(), error)
  })
  const { status } = response
  if (response.ok) return { status, body: await readLimited(response, signal) }
  await response.body?.cancel()
  if (status >= 500 || status === 408 || status === 429)
    throw translationFailed(messages.translationStatus({ status: String(status) }))
  return { status, body: null }
}

async function readLimited(response: Response, signal: AbortSignal) {
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  try {
    for await (const part of response.body ?? []) {
      sizeBytes += part.length
      if (sizeBytes > MAX_RESPONSE_BYTES) throw translationFailed(messages.translationTooLarge())
      parts.push(part)
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw error instanceof AppError ? error : translationFailed(messages.translationUnreachable(), error)
  }
  return Buffer.concat(parts).toString()
}

/** `message` is a sentence. */
export const translationFailed = (message: string, cause?: unknown) =>
  new AppError({
    code: 'captions.translation_failed',
    message,
    status: 503,
    cause,
  })
