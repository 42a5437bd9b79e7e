import * as messages from '@/lib/generated/messages/http-errors'
import { AppError } from '@/lib/errors'
import { sendProblem } from '../problem-details'
import type { RequestHandler } from '../request-handler'
import { isCrossOrigin } from './same-origin'

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/**
 * Refuses cross-site request forgery: a page of another origin that changes something with the user's cookie. Responds
 * 403 and closes the connection without reading the body.
 */
export const rejectForgedRequest: RequestHandler = {
  matches: ({ method = '', headers }) =>
    !SAFE_METHODS.includes(method) && headers.cookie !== undefined && isCrossOrigin(headers),
  handle: (_request, response) => sendProblem(response, forgedRequestError(), { connection: 'close' }),
}

export const forgedRequestError = () =>
  new AppError({
    code: 'request.foreign_page',
    message: messages.foreignPage(),
    status: 403,
  })
