import { z } from 'zod'
import { AppError, PermanentError } from '@/lib/errors'
import { sanitizeMultilineText, truncateText } from '@/lib/text/sanitize'
import { languageName } from '@/lib/videos/languages'

/** The service may run a large model without a GPU. */
const TIMEOUT_MS = 5 * 60_000
const MAX_RESPONSE_BYTES = 1024 ** 2
const MAX_TEXT_CHARACTERS = 2_000

interface Options {
  /** Base URL of a service with the API of LibreTranslate. */
  url: string
  apiKey?: string
  /** BCP 47; undefined to detect it. */
  from?: string
  to: string
  signal: AbortSignal
}

/**
 * Translates some texts, in order. The service is not trusted: its response is limited and validated.
 * @throws {PermanentError} captions.translation_refused if it does not offer the languages or refuses the key
 * @throws {AppError} captions.translation_failed if it does not respond as it should, or the signal's reason
 */
export async function translateTexts(texts: readonly string[], options: Options): Promise<string[]> {
  const { url, apiKey, from = 'auto', to, signal } = options
  const response = await fetch(new URL('translate', url.endsWith('/') ? url : `${url}/`), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ q: texts, source: from, target: to, format: 'text', api_key: apiKey }),
    // The key belongs to the configured server.
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : translationFailed('cannot be reached', error)
  })
  const { status } = response
  if (!response.ok) {
    await response.body?.cancel()
    if (status >= 500 || status === 408 || status === 429) throw translationFailed(`responded with ${status}`)
    throw translationRefused(status, options)
  }
  const translated = parseResponse(await readLimited(response, signal), texts.length)
  return translated.map(
    (text, n) => truncateText(sanitizeMultilineText(text).trim(), MAX_TEXT_CHARACTERS) || texts[n]!,
  )
}

async function readLimited(response: Response, signal: AbortSignal) {
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  try {
    for await (const part of response.body ?? []) {
      sizeBytes += part.length
      if (sizeBytes > MAX_RESPONSE_BYTES) throw translationFailed('sent too much')
      parts.push(part)
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw error instanceof AppError ? error : translationFailed('cannot be reached', error)
  }
  return Buffer.concat(parts).toString()
}

function parseResponse(body: string, count: number) {
  const schema = z.object({ translatedText: z.array(z.string()).length(count) })
  try {
    return schema.parse(JSON.parse(body)).translatedText
  } catch (error) {
    throw translationFailed('sent an invalid response', error)
  }
}

const translationFailed = (problem: string, cause?: unknown) =>
  new AppError({
    code: 'captions.translation_failed',
    message: `The translation service ${problem}.`,
    status: 503,
    cause,
  })

const translationRefused = (status: number, { from, to }: Options) =>
  new PermanentError({
    code: 'captions.translation_refused',
    message: `The translation service refuses to translate${from ? ` ${languageName(from)}` : ''} to ${languageName(to)} (${status}).`,
    advice: 'It may lack the language or its API key. Ask the administrator to check TRANSLATION_URL.',
  })
