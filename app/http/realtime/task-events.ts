import * as messages from '@/lib/generated/messages/http-errors'
import type { IncomingMessage } from 'node:http'
import { requireAuthentication } from '@/lib/accounts/authenticate'
import { Semaphore } from '@/lib/concurrency/semaphore'
import { AppError } from '@/lib/errors'
import { log } from '@/lib/log'
import { taskEventsSchema } from '@/lib/tasks/schema'
import { parseCursor } from '@/lib/tasks/task-feed'
import { sendProblem } from '../problem-details'
import type { RequestHandler } from '../request-handler'
import { toWebHeaders } from '../to-web-headers'
import type { ChangeFeed } from './change-feed'
import { streamTasks } from './stream-tasks'

const MAX_STREAMS = 20

/**
 * `GET /api/v1/events`: a user's tasks as server-sent events, for scripts. Every event carries a whole row and an id
 * from which the stream can be resumed; nothing is buffered for slow or disconnected clients. Bypasses Next.js to share
 * the process's one change feed.
 */
export function createTaskEventsHandler(changes: ChangeFeed): RequestHandler {
  changes.setMaxListeners(0)
  const streams = new Semaphore(MAX_STREAMS)
  return {
    matches: ({ method, url = '' }) => method === 'GET' && /^\/api\/v1\/events\/?(\?|$)/.test(url),
    async handle(request, response) {
      const headers = toWebHeaders(request)
      try {
        const { id: ownerId } = await requireAuthentication(headers, 'read')
        // Disconnected during authentication: there will be no `close` event.
        if (response.closed) return
        const options = parseEventsRequest(request)
        const release = streams.tryAcquire(ownerId)
        if (!release) throw tooManyStreams()
        response.once('close', release)
        response.on('error', (error) => log.debug({ err: error }, 'event stream aborted'))
        await streamTasks({ changes, response, headers, ownerId, ...options })
      } catch (error) {
        if (response.headersSent) {
          if (!response.destroyed) log.warn({ err: error }, 'event stream failed')
          return response.destroy()
        }
        await sendProblem(response, error)
      }
    },
  }
}

/** @throws {AppError} events.cursor_unknown. @throws {z.ZodError} */
function parseEventsRequest(request: IncomingMessage) {
  const { searchParams } = new URL(request.url!, 'http://localhost')
  const { lastEventId, ...filter } = taskEventsSchema.parse(Object.fromEntries(searchParams))
  const last = request.headers['last-event-id']?.toString() || lastEventId
  const cursor = last === undefined ? null : parseCursor(last)
  if (last === undefined || cursor) return { filter, cursor }
  const message = messages.cursorUnknown()
  throw new AppError({ code: 'events.cursor_unknown', message, status: 400 })
}

const tooManyStreams = () =>
  new AppError({
    code: 'events.too_many',
    message: messages.tooManyStreams({ count: MAX_STREAMS }),
    status: 429,
  })
