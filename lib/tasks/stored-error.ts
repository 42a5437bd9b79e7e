import {
  formatStoredMessage,
  type StoredMessage,
  toStorableText,
  findStoredMessage,
} from '../i18n/stored-message'
import type { TaskError } from './schema'

/** The error of a task in a row: texts in the language of its owner, and the messages that they were formatted from. */
export type StoredTaskError = TaskError & { sources?: { message?: StoredMessage; advice?: StoredMessage } }

/** Adds their messages to texts that were formatted just before. */
export function toStoredError<Error extends TaskError>(error: Error): Error & StoredTaskError {
  const { message, advice } = error
  return {
    ...error,
    message: toStorableText(message),
    sources: { message: findStoredMessage(message), advice: findStoredMessage(advice) },
  }
}

/** The error in a row, in the current locale. */
export function readStoredError<Error extends TaskError = TaskError>(json: unknown): Error | null {
  if (!json) return null
  const { sources, ...error } = json as Error & StoredTaskError
  return {
    ...error,
    message: formatStoredMessage(sources?.message, error.message),
    ...(error.advice && { advice: formatStoredMessage(sources?.advice, error.advice) }),
  } as Error
}
