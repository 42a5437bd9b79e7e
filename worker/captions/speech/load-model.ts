import { AppError, PermanentError } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/caption-errors'
import type { SpeechRequest } from './messages'
import type { SpeechProcess } from './speech-process'

/** Long, because a process of low priority waits for all others on a busy computer. */
const TIMEOUT_MS = 5 * 60_000

/**
 * Requests a process to load its model, and closes it on failure.
 * @throws {PermanentError} captions.model_broken
 * @throws {AppError} captions.engine_failed if the process was killed meanwhile, or not done after 5 minutes
 */
export async function loadModel(
  process: Pick<SpeechProcess, 'request' | 'close' | 'wasKilled' | 'hasTimedOut'>,
  request: SpeechRequest,
  { title }: { title: string },
) {
  try {
    await process.request(request, 'opened', TIMEOUT_MS)
  } catch (error) {
    // What kills a process, or keeps it waiting, shows nothing of the model.
    const isInterrupted = process.wasKilled || process.hasTimedOut
    const isLoadFailure =
      error instanceof AppError && error.code === 'captions.engine_failed' && !isInterrupted
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
