/**
 * Errors that know what to tell the person who has to act on them.
 *
 * `message` is shown to people as it is. `code` is stable and machine-readable, prefixed by its
 * domain (`upload.too_large`). `status` is the HTTP status it becomes in `app/http/problem-details.ts`.
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

/** In a handler: this can never succeed, so the task fails now and no attempt is spent on it again. */
export class PermanentError extends AppError {
  /** What the person can do about it, one sentence. */
  readonly advice?: string

  constructor(options: { code: string; message: string; advice?: string; cause?: unknown }) {
    super({ ...options, status: 422 })
    this.advice = options.advice
  }
}

/** In a handler: not now. The task waits `delayMs` (milliseconds) and no attempt is spent. */
export class RetryLater extends Error {
  readonly delayMs: number

  constructor(delayMs: number, reason: string) {
    super(reason)
    this.name = 'RetryLater'
    this.delayMs = delayMs
  }
}

export const notFound = (what: string) =>
  new AppError({ code: `${what}.not_found`, message: `There is no such ${what}.`, status: 404 })

/** The message of any thrown value. */
export const errorMessage = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** The code of an AppError or of a Node.js system error; undefined for other values. */
export const errorCode = (error: unknown) => (error as { code?: string } | null | undefined)?.code
