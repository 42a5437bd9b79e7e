import { z } from 'zod'
import * as messages from '@/lib/generated/messages/caption-errors'
import { requestTranslationService, translationFailed } from './translation-service'

const TIMEOUT_MS = 10_000

const languagesSchema = z.array(z.object({ code: z.string().max(35) }))

/**
 * Lists the codes of the languages that a translation service offers.
 * @throws {AppError} captions.translation_failed if it does not respond as it should
 */
export async function listTranslationLanguages(url: string) {
  const { signal } = new AbortController()
  const { status, body } = await requestTranslationService({
    url,
    path: 'languages',
    timeoutMs: TIMEOUT_MS,
    signal,
  })
  if (body === null) throw translationFailed(messages.translationStatus({ status: String(status) }))
  try {
    return languagesSchema.parse(JSON.parse(body)).map(({ code }) => code)
  } catch (error) {
    throw translationFailed(messages.translationInvalid(), error)
  }
}
