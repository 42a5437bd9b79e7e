import { AppError } from '../errors'

/** `retryAfterSeconds` is also the Retry-After header. */
export const rateLimited = (retryAfterSeconds: number, message: string) =>
  new AppError({ code: 'rate.limited', message, status: 429, details: { retryAfterSeconds } })
