import { once } from 'node:events'
import { request as ask } from 'node:http'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDatabase } from '@/tests/support/database'
import type { TestUser } from '@/tests/support/accounts'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
const MB = 1e6
const SIGN_IN_PATH = '/api/auth/sign-in/email'
let web: Web
let ada: TestUser

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com')
})
afterAll(() => web.stop())

/** Sends until it is answered, `bytes` at most; `isAnnounced` says how many before. */
async function sendBody(at: string, options: { method?: string; bytes: number; isAnnounced?: boolean }) {
  const { method = 'POST', bytes, isAnnounced } = options
  const asking = ask(new URL(at, web.url), {
    method,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${ada.key}`,
      ...(isAnnounced ? { 'content-length': bytes } : {}),
    },
  })
  const answered = once(asking, 'response')
  let isAnswered = false
  answered.then(
    () => (isAnswered = true),
    () => (isAnswered = true),
  )
  const piece = Buffer.alloc(64 * 1024, ' ')
  let sent = 0
  while (sent < bytes && !isAnswered) {
    const next = piece.subarray(0, Math.min(piece.length, bytes - sent))
    sent += next.length
    if (!asking.write(next)) await Promise.race([once(asking, 'drain'), answered])
  }
  if (sent === bytes) asking.end()
  const [answer] = await answered
  const text = (await answer.toArray()).join('')
  asking.destroy()
  return { status: answer.statusCode, type: answer.headers['content-type'], text, sent }
}

describe.each([
  ['that says how long it is', true],
  ['that does not', false],
])('a body %s', (_, isAnnounced) => {
  it('is refused while it is still being sent, in words, where it would have to be held in memory', async () => {
    const { text, sent, ...answer } = await sendBody(SIGN_IN_PATH, { bytes: 200 * MB, isAnnounced })
    expect(answer).toEqual({ status: 413, type: 'application/problem+json' })
    expect(JSON.parse(text)).toMatchObject({ code: 'request.too_large', status: 413 })
    expect(sent).toBeLessThan(30 * MB)
  })

  it('is read whole where it is not too large', async () => {
    const read = await sendBody(SIGN_IN_PATH, { bytes: MB, isAnnounced })
    expect(read).toMatchObject({ status: 400, sent: MB })
  })
})

it('a change of captions may be larger, and a file of captions has words of its own', async () => {
  const id = '00000000-0000-4000-8000-000000000000'
  const cues = `/api/v1/captions/${id}/cues`
  const file = `/api/v1/videos/${id}/captions/files`
  expect(await sendBody(cues, { method: 'PATCH', bytes: 15 * MB })).toMatchObject({ status: 400 })
  expect(await sendBody(cues, { method: 'PATCH', bytes: 17 * MB })).toMatchObject({ status: 413 })
  const { status, text } = await sendBody(file, { bytes: 12 * MB })
  expect([status, text]).toEqual([413, expect.stringContaining('caption.file_too_large')])
})

it('a body that comes in pieces arrives as it was sent', async () => {
  const pieces = ['{"name":"web', 'hooks of ada","url":', '"https://example.com/', 'h"}']
  const body = Readable.toWeb(Readable.from(pieces.map((piece) => Buffer.from(piece))))
  const made = await ada.fetch('/api/v1/webhooks', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    duplex: 'half',
  } as unknown as RequestInit)
  expect([made.status, await made.text()]).toEqual([201, expect.stringContaining('https://example.com/h')])
})
