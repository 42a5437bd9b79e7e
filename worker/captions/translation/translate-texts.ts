import { z } from 'zod'
import { PermanentError } from '@/lib/errors'
import { sanitizeMultilineText, truncateText } from '@/lib/text/sanitize'
import { languageName } from '@/lib/videos/languages'
import * as messages from '@/lib/generated/messages/caption-errors'
import { requestTranslationService, translationFailed } from './translation-service'

/** The service may run a large model without a GPU. */
const TIMEOUT_MS = 5 * 60_000
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
 * Translates some texts, in order. The response of the service is validated.
 * @throws {PermanentError} captions.translation_refused if it does not offer the languages or refuses the key
 * @throws {AppError} captions.translation_failed if it does not respond as it should, or the signal's reason
 */
export async function translateTexts(texts: readonly string[], options: Options): Promise<string[]> {
  const { url, apiKey, from = 'auto', to, signal } = options
  const { status, body } = await requestTranslationService({
    url,
    path: 'translate',
    body: { q: texts, source: from, target: to, format: 'text', api_key: apiKey },
    timeoutMs: TIMEOUT_MS,
    signal,
  })
  if (body === null) throw translationRefused(status, options)
  return parseResponse(body, texts.length).map(
    (text, n) => truncateText(sanitizeMultilineText(text).trim(), MAX_TEXT_CHARACTERS) || texts[n]!,
  )
}

function parseResponse(body: string, count: number) {
  const schema = z.object({ translatedText: z.array(z.string()).length(count) })
  try {
    return schema.parse(JSON.parse(body)).translatedText
  } catch (error) {
    throw translationFailed(messages.translationInvalid(), error)
  }
}

const translationRefused = (status: number, { from, to }: Options) =>
  new PermanentError({
    code: 'captions.translation_refused',
    message: from
      ? messages.translationRefusedFrom({
          from: languageName(from),
          to: languageName(to),
          status: String(status),
        })
      : messages.translationRefused({ to: languageName(to), status: String(status) }),
    advice: messages.translationRefusedAdvice(),
  })
