import { AppError, PermanentError } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/caption-errors'
import type { SpeechRequest } from './messages'
import type { SpeechProcess } from './speech-process'

/**
 * Requests a process to load its model, and closes it on failure.
 * @throws {PermanentError} captions.model_broken
 * @throws {AppError} captions.engine_failed if the process was killed meanwhile
 */
export async function loadModel(
  process: SpeechProcess,
  request: SpeechRequest,
  { title, timeoutMs }: { title: string; timeoutMs: number },
) {
  try {
    await process.request(request, 'opened', timeoutMs)
  } catch (error) {
    // What kills a process shows nothing of the model.
    const isLoadFailure =
      error instanceof AppError && error.code === 'captions.engine_failed' && !process.wasKilled
    await process.close()
    throw isLoadFailure ? modelUnusable(title, error) : error
  }
}

const modelUnusable = (model: string, cause: unknown) =>
  new PermanentError({
    code: 'captions.model_broken',
    message: messages.modelBroken({ model }),
    advice: messages.modelBrokenAdvice(),
    cause,
  })
