import { setTimeout as delay } from 'node:timers/promises'
import { ApiError, type MeanwhileClient } from './client'
import type { Task } from './operations'

const RECONNECT_DELAY_MS = 1_000
const HTTP_TOO_MANY_REQUESTS = 429
/** The server sends a heartbeat every 15 s. */
const STALL_TIMEOUT_MS = 45_000

interface Options {
  /** Only this task; its state is returned first, even if it has ended. */
  taskId?: string
  signal: AbortSignal
  /** Called whenever the connection is lost, before the next attempt. */
  onDisconnect?(error: unknown): void
}

/**
 * Returns tasks of the user as they change, first those that are unfinished. Reconnects and resumes where it was, until
 * `signal` aborts.
 * @throws {ApiError} if the server refuses the stream; after too many requests it waits as long as the server says
 */
export async function* watchTasks(
  client: MeanwhileClient,
  { taskId, signal, onDisconnect }: Options,
): AsyncGenerator<Task> {
  let lastEventId: string | undefined
  while (!signal.aborted) {
    let delayMs = RECONNECT_DELAY_MS
    try {
      const headers = lastEventId ? { 'last-event-id': lastEventId } : {}
      const stall = new AbortController()
      const response = await client.fetch('GET /api/v1/events', {
        query: { taskId },
        headers,
        signal: AbortSignal.any([signal, stall.signal]),
      })
      for await (const event of readEvents(response, stall)) {
        lastEventId = event.id ?? lastEventId
        if (event.name === 'task' && event.data) yield JSON.parse(event.data) as Task
      }
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof ApiError && error.status === HTTP_TOO_MANY_REQUESTS)
        delayMs = Math.max(RECONNECT_DELAY_MS, (error.retryAfterSeconds ?? 0) * 1_000)
      else if (error instanceof ApiError && error.status < 500) throw error
      onDisconnect?.(error)
    }
    await delay(delayMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Parses server-sent events. Aborts `stall` when nothing arrives for too long. */
async function* readEvents(response: Response, stall: AbortController) {
  let buffered = ''
  const timer = setTimeout(() => stall.abort(), STALL_TIMEOUT_MS)
  timer.unref()
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    timer.refresh()
    const blocks = (buffered + text).split('\n\n')
    buffered = blocks.pop()!
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => {
          const end = line.indexOf(': ')
          return [line.slice(0, end), line.slice(end + 2)]
        }),
      )
      yield { name: fields.get('event'), id: fields.get('id'), data: fields.get('data') }
    }
  }
  clearTimeout(timer)
}
