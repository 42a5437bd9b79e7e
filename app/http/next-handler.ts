import type { IncomingMessage, ServerResponse } from 'node:http'
import { describeMethodNotAllowed, rewriteInvalidIdPath } from './middleware/next-workarounds'
import { receiveBody } from './middleware/receive-body'
import type { RequestHandler } from './request-handler'

type NextRequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Pages and API routes: every request that no earlier handler matches. */
export const createNextHandler = (next: NextRequestHandler): RequestHandler => ({
  matches: () => true,
  async handle(request, response) {
    if (!(await receiveBody(request, response))) return
    rewriteInvalidIdPath(request)
    describeMethodNotAllowed(request, response)
    await next(request, response)
  },
})
