import type { IncomingMessage, ServerResponse } from 'node:http'
import { problem } from '@/app/api/respond'
import { AppError } from '@/lib/errors'
import { isForeignPage } from './trusted-origin'

const READS = ['GET', 'HEAD', 'OPTIONS']

/** Whether a page that is not ours would change something in the name of who is signed in (CSRF). */
export const isForged = ({ method = '', headers }: IncomingMessage) =>
  !READS.includes(method) && headers.cookie !== undefined && isForeignPage(headers)

/** Told once, and hung up on: what else it sends is not read. */
export async function refuseForged(response: ServerResponse) {
  const answer = problem(
    new AppError({
      code: 'request.foreign_page',
      message: 'This was asked by a page that is not of this app. Scripts send an API key.',
      status: 403,
    }),
  )
  const headers = { ...Object.fromEntries(answer.headers), connection: 'close' }
  response.writeHead(answer.status, headers).end(await answer.text())
}
