import type { IncomingMessage, ServerResponse } from 'node:http'
import { toProblemResponse } from '@/app/api/route-handler'
import { AppError } from '@/lib/errors'
import { isCrossOrigin } from './same-origin'

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/** Whether a page that is not ours would change something in the name of who is signed in (CSRF). */
export const isForgedRequest = ({ method = '', headers }: IncomingMessage) =>
  !SAFE_METHODS.includes(method) && headers.cookie !== undefined && isCrossOrigin(headers)

/** Told once, and hung up on: what else it sends is not read. */
export async function rejectForgedRequest(response: ServerResponse) {
  const answer = toProblemResponse(
    new AppError({
      code: 'request.foreign_page',
      message: 'This was asked by a page that is not of this app. Scripts send an API key.',
      status: 403,
    }),
  )
  const headers = { ...Object.fromEntries(answer.headers), connection: 'close' }
  response.writeHead(answer.status, headers).end(await answer.text())
}
