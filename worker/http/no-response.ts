import { AppError } from '@/lib/errors'

/** The code of an error after which another attempt may succeed. */
export const NO_RESPONSE = 'connection.no_response'

export const noResponseError = (message: string) => new AppError({ code: NO_RESPONSE, message, status: 504 })
