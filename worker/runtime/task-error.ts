import { AppError, errorMessage, PermanentError } from '@/lib/errors'
import type { AttemptError } from '@/lib/tasks/attempts'
import { toStorableText } from '@/lib/i18n/stored-message'
import { type StoredTaskError, toStoredError } from '@/lib/tasks/stored-error'
import * as messages from '@/lib/generated/messages/worker-errors'

/** Converts an error to the form shown to the owner of the task, in the current locale and with the messages it is from. */
export const toTaskError = (error: unknown): StoredTaskError => toStoredError(describeError(error))

function describeError(error: unknown) {
  if (error instanceof PermanentError)
    return { code: error.code, message: error.messageIn(), advice: error.adviceIn() ?? null }
  if (error instanceof AppError) return { code: error.code, message: error.messageIn() }
  return { code: 'task.crashed', message: messages.crashed(), advice: messages.crashedAdvice() }
}

/** Converts an error to the form shown to administrators, which includes the original message. */
export function toAttemptError(error: unknown): AttemptError {
  const { advice: _advice, ...shown } = toTaskError(error)
  const detail = error instanceof AppError ? error.messageIn('en') : errorMessage(error)
  return { ...shown, detail: toStorableText(detail.slice(0, 8_000)) }
}
