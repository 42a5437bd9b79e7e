import * as messages from '@/lib/generated/messages/errors'

/**
 * An error with a message for the user.
 *
 * `message` is shown unchanged. `code` is stable and machine-readable, prefixed by its domain (`upload.too_large`).
 * `status` is the HTTP status, 400 by default. `details` are further fields of the problem+json.
 */
export class AppError extends Error {
  readonly code: string
  readonly status: number
  readonly details?: Record<string, unknown>

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
  }
}

/** Thrown by a task handler for work that cannot succeed: the task fails without further attempts. */
export class PermanentError extends AppError {
  /** What the user can do about it, one sentence. */
  readonly advice?: string

  constructor(options: { code: string; message: string; advice?: string; cause?: unknown }) {
    super({ ...options, status: 422 })
    this.advice = options.advice
  }
}

/** Thrown by a task handler: the task is retried after `delayMs` milliseconds and spends no attempt. */
export class RetryLater extends Error {
  readonly delayMs: number

  constructor(delayMs: number, reason: string) {
    super(reason)
    this.name = 'RetryLater'
    this.delayMs = delayMs
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

/** The message of any thrown value. */
export const errorMessage = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** The code of an AppError or of a Node.js system error; undefined for other values. */
export const errorCode = (error: unknown) => (error as { code?: string } | null | undefined)?.code
