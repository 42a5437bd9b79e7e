import { AppError, errorMessage, PermanentError } from '@/lib/errors'
import type { AttemptError } from '@/lib/tasks/attempts'
import type { TaskError } from '@/lib/tasks/schema'
import * as messages from '@/lib/generated/messages/worker-errors'

/** Converts an error to the form shown to the owner of the task. */
export function toTaskError(error: unknown): TaskError {
  if (error instanceof PermanentError)
    return { code: error.code, message: toStorableText(error.message), advice: error.advice ?? null }
  if (error instanceof AppError) return { code: error.code, message: toStorableText(error.message) }
  return {
    code: 'task.crashed',
    message: messages.crashed(),
    advice: messages.crashedAdvice(),
  }
}

/** Converts an error to the form shown to administrators, which includes the original message. */
export function toAttemptError(error: unknown): AttemptError {
  const { code, message } = toTaskError(error)
  const detail = errorMessage(error)
  return { code, message, detail: toStorableText(detail.slice(0, 8_000)) }
}

/** Replaces lone surrogates and removes NUL, which occur in program output and cannot be stored as text. */
const toStorableText = (text: string) => text.toWellFormed().replaceAll('\0', '')
