import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { toProblemResponse } from '@/app/api/route-handler'
import { authenticate, requireAuthentication } from '@/lib/accounts/authenticate'
import { Semaphore } from '@/lib/concurrency/semaphore'
import { db } from '@/lib/database/db'
import { AppError } from '@/lib/errors'
import { log } from '@/lib/log'
import type { Change } from '@/lib/realtime/schema'
import { type FeedCursor, createTaskFeed, parseCursor } from '@/lib/tasks/task-feed'
import { taskEventsSchema } from '@/lib/tasks/schema'
import type { ChangeFeed } from './change-feed'

const HEARTBEAT_MS = 15_000
/** Changes within this time are told together, each row once. */
const FLUSH_INTERVAL_MS = 100
/** Keys are revoked while a connection is open. */
const REAUTHENTICATE_INTERVAL_MS = 5_000
/** Who takes nothing for so long is gone. */
const STALL_TIMEOUT_MS = 60_000
const MAX_STREAMS = 20

export const isTaskEventsRequest = ({ method, url = '' }: IncomingMessage) =>
  method === 'GET' && /^\/api\/v1\/events\/?(\?|$)/.test(url)

/**
 * `GET /api/v1/events`: a person's tasks as server-sent events, for scripts. Every event carries a whole row, and an
 * id to go on from. Nothing is kept for a reader who is slow or away: the rows themselves tell what is new. It
 * passes by Next.js, for it shares this process's one connection that hears of changes.
 */
export function createTaskEventsHandler(changes: ChangeFeed) {
  changes.setMaxListeners(0)
  const streams = new Semaphore(MAX_STREAMS)
  return async (request: IncomingMessage, response: ServerResponse) => {
    const headers = new Headers(request.headers as Record<string, string>)
    try {
      const ownerId = (await requireAuthentication(headers)).id
      // Gone before it was known who asks: no `close` will come.
      if (response.closed) return
      const asked = parseEventsRequest(request)
      const release = streams.tryAcquire(ownerId)
      if (!release) throw tooManyStreams()
      response.once('close', release)
      response.on('error', (error) => log.debug({ err: error }, 'a stream of events broke off'))
      await streamTasks({ changeFeed: changes, response, headers, ownerId, ...asked })
    } catch (error) {
      if (response.headersSent) {
        if (!response.destroyed) log.warn({ err: error }, 'a stream of events broke off')
        return response.destroy()
      }
      const answer = toProblemResponse(error)
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
    }
  }
}

/** @throws {AppError} events.cursor_unknown, or what zod throws */
function parseEventsRequest(request: IncomingMessage) {
  const { searchParams } = new URL(request.url!, 'http://here')
  const { lastEventId, ...filter } = taskEventsSchema.parse(Object.fromEntries(searchParams))
  const last = request.headers['last-event-id']?.toString() || lastEventId
  const cursor = last === undefined ? null : parseCursor(last)
  if (last === undefined || cursor) return { filter, cursor }
  const message = 'This Last-Event-ID is none of ours. Connect without one.'
  throw new AppError({ code: 'events.cursor_unknown', message, status: 400 })
}

const tooManyStreams = () =>
  new AppError({
    code: 'events.too_many',
    message: `${MAX_STREAMS} streams are open already. Close one of them.`,
    status: 429,
  })

interface StreamOptions {
  changeFeed: ChangeFeed
  response: ServerResponse
  headers: Headers
  ownerId: string
  filter: { kind?: string; taskId?: string }
  cursor: FeedCursor | null
}

async function streamTasks({
  changeFeed: changes,
  response,
  headers,
  ownerId,
  filter,
  cursor,
}: StreamOptions) {
  const follower = createTaskFeed(db(), { ownerId, ...filter }, cursor)
  const news = pendingChanges(changes, { ownerId, taskId: filter.taskId })
  const timers = [
    setInterval(() => response.writableNeedDrain || response.write(': here\n\n'), HEARTBEAT_MS),
    setInterval(() => void closeIfRevoked(headers, ownerId, response), REAUTHENTICATE_INTERVAL_MS),
  ]
  response.once('close', () => {
    timers.forEach(clearInterval)
    news.stop()
  })
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  response.write('retry: 2000\n\n')
  while (!response.closed) {
    news.take()
    const { changed, place } = await follower.next()
    for (const { task, cursor: at } of changed) response.write(formatEvent('task', task, at))
    for (const id of news.gone()) response.write(formatEvent('gone', { id }))
    // Told without an event, so that who comes back later is not told all of the meantime again.
    if (place) response.write(`id: ${place}\n\n`)
    if (response.writableNeedDrain)
      await once(response, 'drain', { signal: AbortSignal.timeout(STALL_TIMEOUT_MS) })
    if (place) await news.wait()
    await delay(FLUSH_INTERVAL_MS)
  }
}

const formatEvent = (name: string, data: object, id?: string) =>
  `event: ${name}\n${id ? `id: ${id}\n` : ''}data: ${JSON.stringify(data)}\n\n`

/** That something of this person's changed: what it was is read from the rows. */
function pendingChanges(changes: ChangeFeed, { ownerId, taskId }: { ownerId: string; taskId?: string }) {
  let isNew = false
  let wake = () => {}
  let gone = new Set<string>()
  const onChange = (change: Change) => {
    if (change.type !== 'task' || change.ownerId !== ownerId || (taskId && change.id !== taskId)) return
    if (change.gone) gone.add(change.id)
    onNews()
  }
  const onNews = () => {
    isNew = true
    wake()
  }
  changes.on('change', onChange)
  changes.on('resync', onNews)
  return {
    take: () => void (isNew = false),
    gone() {
      const ids = gone
      gone = new Set()
      return ids
    },
    /** Until there is something new, or this has been stopped. */
    wait: () => new Promise<void>((resolve) => (isNew ? resolve() : (wake = resolve))),
    stop() {
      changes.off('change', onChange)
      changes.off('resync', onNews)
      onNews()
    },
  }
}

/** Who signed out, or whose key was revoked, hears nothing more: not what waits for a slow reader either. */
async function closeIfRevoked(headers: Headers, ownerId: string, response: ServerResponse) {
  try {
    if ((await authenticate(headers))?.id !== ownerId) response.destroy()
  } catch (error) {
    log.warn({ err: error }, 'could not tell whose a stream of events is')
  }
}
