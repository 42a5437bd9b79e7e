import { AppError, errorMessage, PermanentError } from '@/lib/errors'
import type { AttemptError } from '@/lib/tasks/attempts'
import type { TaskError } from '@/lib/tasks/schema'

/** What a person is told of an error. */
export function toTaskError(error: unknown): TaskError {
  if (error instanceof PermanentError)
    return { code: error.code, message: toStorableText(error.message), advice: error.advice ?? null }
  if (error instanceof AppError) return { code: error.code, message: toStorableText(error.message) }
  return {
    code: 'task.crashed',
    message: 'Something went wrong while working on this.',
    advice: 'Try again. If it fails again, the log on the task page shows why.',
  }
}

/** The same for whoever looks after the queue: with what was really thrown. */
export function toAttemptError(error: unknown): AttemptError {
  const { code, message } = toTaskError(error)
  const detail = errorMessage(error)
  return { code, message, detail: toStorableText(detail.slice(0, 8_000)) }
}

/** What programs printed, and what was cut out of it, may hold what Postgres does not store as text. */
const toStorableText = (text: string) => text.toWellFormed().replaceAll('\0', '')
