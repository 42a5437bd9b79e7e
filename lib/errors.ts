import * as messages from '@/lib/generated/messages/errors'
import { formatSource } from '@/lib/i18n/format-source'
import { getLocale, type Locale } from '@/lib/i18n/locale'
import { findSource, type MessageSource } from '@/lib/i18n/message-source'

/**
 * An error with a message for the user.
 *
 * `message` is in the language of the user for whom it was thrown; `messageIn` has it in others, if it is a message of the
 * catalogue: logs are in English, and several users may wait for what failed. `code` is stable and machine-readable, prefixed by its domain (`upload.too_large`).
 * `status` is the HTTP status, 400 by default. `details` are further fields of the problem+json.
 */
export class AppError extends Error {
  readonly code: string
  readonly status: number
  readonly details?: Record<string, unknown>
  readonly #source: MessageSource | undefined

  constructor(options: {
    code: string
    message: string
    status?: number
    cause?: unknown
    details?: Record<string, unknown>
  }) {
    super(options.message, { cause: options.cause })
    this.name = new.target.name
    this.code = options.code
    this.status = options.status ?? 400
    this.details = options.details
    this.#source = findSource(options.message)
  }

  /** The message in a language, that of the current user by default. */
  messageIn(locale: Locale = getLocale()) {
    return this.#source ? formatSource(this.#source, locale) : this.message
  }
}

/** Thrown by a task handler for work that cannot succeed: the task fails without further attempts. */
export class PermanentError extends AppError {
  /** What the user can do about it, one sentence. */
  readonly advice?: string
  readonly #adviceSource: MessageSource | undefined

  constructor(options: { code: string; message: string; advice?: string; cause?: unknown }) {
    super({ ...options, status: 422 })
    this.advice = options.advice
    this.#adviceSource = findSource(options.advice)
  }

  /** As `messageIn`. */
  adviceIn(locale: Locale = getLocale()) {
    return this.#adviceSource ? formatSource(this.#adviceSource, locale) : this.advice
  }
}

/**
 * Thrown by a task handler: the task is retried after `delayMs` milliseconds and spends no attempt. `stage` is what users see of it
 * until then, by default nothing.
 */
export class RetryLater extends Error {
  readonly delayMs: number
  readonly stage?: string

  constructor(delayMs: number, reason: string, stage?: string) {
    super(reason)
    this.name = 'RetryLater'
    this.delayMs = delayMs
    this.stage = stage
  }
}

export const notFound = (resource: string) =>
  new AppError({
    code: `${resource}.not_found`,
    message: messages.notFound({ resource }),
    status: 404,
  })

/** What a change that conflicts with another one at the same time is reported as (`isConflict`). */
export const conflictError = (cause: unknown) =>
  new AppError({
    code: 'request.conflict',
    message: messages.conflict(),
    status: 409,
    cause,
  })

/** The message of any thrown value, in the language of the current user if there is one in it. */
export function errorMessage(error: unknown) {
  if (error instanceof AppError) return error.messageIn()
  return error instanceof Error ? error.message : String(error)
}

/** The code of an AppError or of a Node.js system error; undefined for other values. */
export const errorCode = (error: unknown) => (error as { code?: string } | null | undefined)?.code
