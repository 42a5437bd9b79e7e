import { afterEach, expect, it, vi } from 'vitest'
import { MeanwhileClient } from './client'
import { watchTasks } from './watch-tasks'

afterEach(() => vi.unstubAllGlobals())

it('waits as long as the server says after too many requests, and continues', async () => {
  const problem = { type: 'about:blank', code: 'rate.limited', title: 'Too many requests.', status: 429 }
  const responses = [
    Response.json(problem, { status: 429, headers: { 'retry-after': '2' } }),
    new Response('event: task\ndata: {"id":"one"}\n\n'),
  ]
  const requestedAt: number[] = []
  const startedAt = Date.now()
  vi.stubGlobal('fetch', async () => {
    requestedAt.push(Date.now() - startedAt)
    return responses.shift()
  })
  const client = new MeanwhileClient({ url: 'http://localhost', apiKey: 'key' })
  const tasks = watchTasks(client, { signal: new AbortController().signal })
  expect((await tasks.next()).value).toEqual({ id: 'one' })
  expect(requestedAt).toHaveLength(2)
  expect(requestedAt[1]! - requestedAt[0]!).toBeGreaterThanOrEqual(1_990)
})
