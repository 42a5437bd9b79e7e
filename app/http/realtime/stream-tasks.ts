import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { authenticate } from '@/lib/accounts/authenticate'
import { db } from '@/lib/database/db'
import { type FeedCursor, createTaskFeed } from '@/lib/tasks/task-feed'
import { watchRevocation } from '../middleware/watch-revocation'
import type { ChangeFeed } from './change-feed'
import { trackPendingChanges } from './pending-changes'

const HEARTBEAT_INTERVAL_MS = 15_000
/** Changes within this interval are sent together, each row once. */
const FLUSH_INTERVAL_MS = 100
const REAUTHENTICATE_INTERVAL_MS = 5_000
/** A client that reads nothing for this long is disconnected. */
const STALL_TIMEOUT_MS = 60_000

interface StreamOptions {
  changes: ChangeFeed
  response: ServerResponse
  headers: Headers
  ownerId: string
  filter: { kind?: string; taskId?: string }
  cursor: FeedCursor | null
}

/** Streams tasks as server-sent events until the client disconnects, stalls, or may no longer read them. */
export async function streamTasks({ changes, response, headers, ownerId, filter, cursor }: StreamOptions) {
  const feed = createTaskFeed(db(), { ownerId, ...filter }, cursor)
  const pending = trackPendingChanges(changes, { ownerId, taskId: filter.taskId })
  const heartbeat = setInterval(
    () => response.writableNeedDrain || response.write(': heartbeat\n\n'),
    HEARTBEAT_INTERVAL_MS,
  )
  const stopWatching = watchRevocation({
    isStillAllowed: async () => (await authenticate(headers))?.id === ownerId,
    intervalMs: REAUTHENTICATE_INTERVAL_MS,
    // Also discards what is buffered for a slow reader.
    close: () => response.destroy(),
  })
  response.once('close', () => {
    clearInterval(heartbeat)
    void stopWatching()
    pending.stop()
  })
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  response.write('retry: 2000\n\n')
  while (!response.closed) {
    pending.reset()
    const { changes: taskChanges, cursor: nextCursor } = await feed.next()
    for (const { task, cursor: id } of taskChanges) response.write(formatEvent('task', task, id))
    for (const id of pending.takeDeletedIds()) response.write(formatEvent('gone', { id }))
    // An id without an event, so that a client that reconnects after a quiet time does not receive old changes again.
    if (nextCursor) response.write(`id: ${nextCursor}\n\n`)
    if (response.writableNeedDrain)
      await once(response, 'drain', { signal: AbortSignal.timeout(STALL_TIMEOUT_MS) })
    if (nextCursor) await pending.wait()
    await delay(FLUSH_INTERVAL_MS)
  }
}

const formatEvent = (name: string, data: object, id?: string) =>
  `event: ${name}\n${id ? `id: ${id}\n` : ''}data: ${JSON.stringify(data)}\n\n`
