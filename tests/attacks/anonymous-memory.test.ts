// Over 200 lines because all connections go to one web process whose memory is measured.

import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { startWeb, type Web } from '@/tests/support/web'

const MB = 1e6
const CUES_PATH = '/api/v1/captions/00000000-0000-4000-8000-000000000000/cues'
const database = useDatabase()
let web: Web
let ada: TestUser

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url, env: { STORAGE_QUOTA_BYTES: String(1e9) } })
  ada = await web.createUser('ada@example.com')
})
afterAll(() => web.stop())

function readMemoryBytes() {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${web.pid()}/status`, 'utf8'))!
  return Number(kilobytes) * 1024
}

/** A connection that sends what it is given and collects what it receives. */
function openConnection(url = web.url) {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  let received = ''
  socket.on('data', (data: Buffer) => (received += data.toString('latin1')))
  // The server may close it at any time.
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return { socket, closed, status: () => /^HTTP\/1\.1 (\d{3})/.exec(received)?.[1], text: () => received }
}

const head = (method: string, at: string, headers: Record<string, string> = {}) =>
  [
    `${method} ${at} HTTP/1.1`,
    'host: meanwhile',
    ...Object.entries(headers).map((pair) => pair.join(': ')),
    '',
    '',
  ].join('\r\n')

/** Sends a chunked body of `bytes` without its end, unless the server closes the connection before. */
async function sendChunks(socket: Socket, bytes: number) {
  const chunk = Buffer.from(`10000\r\n${' '.repeat(0x10000)}\r\n`)
  const chunks = Array.from({ length: Math.ceil(bytes / 0x10000) }, () => chunk)
  await pipeline(Readable.from(chunks), socket, { end: false }).catch(() => undefined)
}

describe.each([
  ['PATCH', CUES_PATH, '401'],
  ['POST', '/api/auth/sign-in/email', '413'],
])('60 anonymous chunked bodies of 16 MB to %s %s', (method, at, status) => {
  it('are answered early, closed, and never held', async () => {
    const attack = async (count: number) => {
      const connections = Array.from({ length: count }, () => openConnection())
      await Promise.all(
        connections.map(async ({ socket, closed }) => {
          socket.write(
            head(method, at, { 'transfer-encoding': 'chunked', 'content-type': 'application/json' }),
          )
          await sendChunks(socket, 16 * MB)
          await closed
        }),
      )
      return connections
    }
    // The process itself grows during its first requests.
    await attack(20)
    const before = readMemoryBytes()
    const connections = await attack(60)
    expect(connections.map((connection) => connection.status())).toEqual(Array(60).fill(status))
    expect(readMemoryBytes() - before).toBeLessThan(60 * 2 * MB)
  })
})

it('a user’s bodies that are held together use a bounded share of the memory', async () => {
  const headers = { 'transfer-encoding': 'chunked', authorization: `Bearer ${ada.key}` }
  const connections = Array.from({ length: 10 }, () => openConnection())
  await Promise.all(
    connections.map(async ({ socket }) => {
      socket.write(head('PATCH', CUES_PATH, headers))
      await sendChunks(socket, 15 * MB)
    }),
  )
  const refused = () => connections.filter(({ status }) => status() === '429')
  await expect.poll(() => refused().length).toBeGreaterThanOrEqual(7)
  expect(refused()[0]!.text()).toContain('retry-after: 1')
  expect(refused()[0]!.text()).toContain('"request.too_many"')
  // Another user is not affected, and neither is a small request of the same user.
  const eve = await web.createUser('eve@example.com')
  const body = JSON.stringify({ baseRevision: 0, put: [], note: 'x'.repeat(1 * MB) })
  const init = { method: 'PATCH', headers: { 'content-type': 'application/json' }, body }
  expect((await eve.fetch(CUES_PATH, init)).status).toBe(404)
  const settings = { ...init, body: '{}' }
  expect((await ada.fetch('/api/v1/notifications', settings)).status).toBe(200)
  for (const { socket } of connections) socket.destroy()
})

/** Sends `parts` with a pause before each, until the connection closes. Resolves to the seconds that took. */
async function drip(socket: Socket, parts: Iterable<string | Buffer>, pauseMs: number) {
  const startedAt = Date.now()
  for (const part of parts) {
    await delay(pauseMs)
    if (!socket.writable) break
    socket.write(part)
  }
  return (Date.now() - startedAt) / 1000
}

describe('slow clients', () => {
  it.concurrent('are closed when they send nothing', async () => {
    const { closed } = openConnection()
    await closed
  })

  it.concurrent('are closed while they send headers', async () => {
    const { socket, closed } = openConnection()
    socket.write('GET / HTTP/1.1\r\nhost: meanwhile\r\nx: ')
    expect(await drip(socket, 'y'.repeat(60), 1_000)).toBeLessThan(40)
    await closed
  })

  it.concurrent.each([
    ['stop in the middle of a body', 0],
    ['send a body byte by byte', 2_000],
  ])('are answered 408 and closed when they %s', async (_, pauseMs) => {
    for (const authorization of ['Bearer none', `Bearer ${ada.key}`]) {
      const { socket, closed, status } = openConnection()
      socket.write(
        head('PATCH', '/api/v1/notifications', { authorization, 'content-length': '1000' }) + '{"a":"',
      )
      if (pauseMs > 0) expect(await drip(socket, 'x'.repeat(60), pauseMs)).toBeLessThan(60)
      await closed
      expect(status()).toBe('408')
    }
  })

  it.concurrent('are drained only briefly after an early answer', async () => {
    const { socket, closed, status } = openConnection()
    const headers = { 'content-length': '100000', 'tus-resumable': '1.0.0', 'upload-length': '100000' }
    socket.write(head('POST', '/api/uploads', headers))
    expect(await drip(socket, 'x'.repeat(60), 1_000)).toBeLessThan(40)
    await closed
    expect(status()).toBe('401')
  })

  it.concurrent('may take longer than every other limit to upload a video', async () => {
    const clip = readFileSync(await generateMedia('web-safe.mp4'))
    const step = Math.ceil(clip.length / 45)
    const parts = Array.from({ length: 45 }, (_, n) => clip.subarray(n * step, (n + 1) * step))
    const send = async (method: string, at: string, headers: Record<string, string>) => {
      const request = httpRequest(new URL(at, web.url), {
        method,
        headers: { authorization: `Bearer ${ada.key}`, 'content-length': clip.length, ...headers },
      })
      const answered = once(request, 'response')
      for (const part of parts) {
        await delay(1_000)
        request.write(part)
      }
      request.end()
      const [response] = await answered
      return response.statusCode
    }
    const created = await ada.fetch('/api/uploads', {
      method: 'POST',
      headers: { 'tus-resumable': '1.0.0', 'upload-length': String(clip.length) },
    })
    const location = new URL(created.headers.get('location')!, `${web.url}/api/uploads`).pathname
    const [posted, resumable] = await Promise.all([
      send('POST', '/api/v1/videos?filename=slow.mp4', {}),
      send('PATCH', location, {
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      }),
    ])
    expect([posted, resumable]).toEqual([202, 200])
  })
})

describe('connections', () => {
  it('of one address are limited', async () => {
    const limited = await startWeb({
      databaseUrl: database.url,
      env: { TRUSTED_PROXIES: 'none', CONNECTIONS_PER_ADDRESS: '10' },
    })
    const open = Array.from({ length: 30 }, () => openConnection(limited.url))
    await expect.poll(() => open.filter(({ socket }) => socket.closed).length).toBeGreaterThanOrEqual(20)
    for (const { socket } of open) socket.destroy()
    await expect.poll(async () => (await fetch(`${limited.url}/sign-in`).catch(() => null))?.status).toBe(200)
    await limited.stop()
  })

  it('of one client behind a proxy are limited, without an effect on others', async () => {
    const limited = await startWeb({ databaseUrl: database.url, env: { CONNECTIONS_PER_ADDRESS: '10' } })
    const user = await limited.createUser('grace@example.com')
    const open = Array.from({ length: 12 }, () => openConnection(limited.url))
    const headers = { authorization: `Bearer ${user.key}`, 'x-forwarded-for': '203.0.113.7' }
    for (const { socket } of open) socket.write(head('GET', '/api/v1/events', headers))
    await expect.poll(() => open.filter(({ status }) => status() === '429').length).toBe(2)
    await expect.poll(() => open.filter(({ status }) => status() === '200').length).toBe(10)
    const from = (address: string) =>
      fetch(`${limited.url}/sign-in`, { headers: { 'x-forwarded-for': address } })
    expect([(await from('203.0.113.7')).status, (await from('203.0.113.8')).status]).toEqual([429, 200])
    for (const { socket } of open) socket.destroy()
    await expect.poll(async () => (await from('203.0.113.7')).status).toBe(200)
    await limited.stop()
  })
})
