import { openAsBlob } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ApiError, MeanwhileClient } from '@/client/client'
import { watchTasks } from '@/client/watch-tasks'
import { generateMedia } from '@/tests/support/generate-media'
import { useDatabase } from '@/tests/support/database'
import { startTcpProxy } from '@/tests/support/tcp-proxy'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let proxy: Awaited<ReturnType<typeof startTcpProxy>>
let client: MeanwhileClient

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  proxy = await startTcpProxy(web.url)
  const { key } = await web.createUser('ada@example.com')
  client = new MeanwhileClient({ url: proxy.url, apiKey: key })
})
afterAll(async () => {
  proxy.close()
  await web.stop()
})

const upload = async (filename: string) =>
  client.request('POST /api/v1/videos', {
    query: { filename },
    body: await openAsBlob(await generateMedia('web-safe.mp4')),
  })

it('performs operations with parameters, query, raw and JSON bodies', async () => {
  const { video, task } = await upload('one & two?.mp4')
  expect(video.title).toBe('one & two?')
  const params = { id: video.id }
  await client.request('PATCH /api/v1/videos/{id}', { params, body: { tags: ['draft'] } })
  const { videos } = await client.request('GET /api/v1/videos', { query: { tags: 'draft', limit: 1 } })
  expect(videos.map(({ id }) => id)).toEqual([video.id])
  expect((await client.request('GET /api/v1/tasks/{id}', { params: { id: task.id } })).videoId).toBe(video.id)
  expect(await client.request('DELETE /api/v1/videos/{id}', { params })).toBeUndefined()
  // @ts-expect-error the types require the parameter
  await expect(client.request('GET /api/v1/videos/{id}')).rejects.toThrow(TypeError)
})

it('throws problems as errors with their code, and responses of other servers as such', async () => {
  const missing = client.request('GET /api/v1/tasks/{id}', { params: { id: crypto.randomUUID() } })
  await expect(missing).rejects.toMatchObject({ name: 'ApiError', code: 'task.not_found', status: 404 })
  const signedOut = new MeanwhileClient({ url: web.url, apiKey: 'no-key' })
  await expect(signedOut.request('GET /api/v1/tasks')).rejects.toMatchObject({ status: 401 })
  const problem = { type: 'about:blank', code: 'a.code', title: 'A title.', detail: 'A detail.', status: 400 }
  expect(new ApiError(problem).message).toBe('A title. A detail.')
})

it.each(['.', '..', ''])('never sends a request whose parameter is %j, which is another path', async (id) => {
  await expect(client.request('GET /api/v1/videos/{id}', { params: { id } })).rejects.toThrow('needs id')
})

it('encodes parameters, so that they stay one segment of the path', async () => {
  const params = { id: '../tasks?limit=1#' }
  await expect(client.request('GET /api/v1/videos/{id}', { params })).rejects.toMatchObject({ status: 404 })
})

it('watches tasks across a cut of the connection', async () => {
  const abort = new AbortController()
  const { task } = await upload('watched.mp4')
  const states: string[] = []
  const disconnects: unknown[] = []
  const onDisconnect = (error: unknown) => {
    disconnects.push(error)
    proxy.restore()
  }
  for await (const { id, state } of watchTasks(client, { signal: abort.signal, onDisconnect })) {
    if (id !== task.id) continue
    states.push(state)
    if (state === 'canceled') break
    proxy.cut()
    await fetch(`${web.url}/api/v1/tasks/${task.id}/cancel`, {
      method: 'POST',
      headers: client.authorization,
    })
  }
  abort.abort()
  expect(states).toEqual(['queued', 'canceled'])
  expect(disconnects.length).toBeGreaterThan(0)
})
