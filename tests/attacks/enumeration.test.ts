import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBrowser } from '@/tests/support/auth-client'
import { useDatabase } from '@/tests/support/database'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
const known = 'ada@example.com'
let closed: Web
let open: Web

beforeAll(async () => {
  const smtp = { SMTP_URL: 'smtp://127.0.0.1:9' }
  ;[closed, open] = await Promise.all([
    startWeb({ databaseUrl: database.url, env: smtp }),
    startWeb({ databaseUrl: database.url, env: { ...smtp, SIGN_UP: 'open' } }),
  ])
  await open.createUser(known)
})
afterAll(() => Promise.all([closed.stop(), open.stop()]))

let lastAddress = 0
/** From a new address each time, so that rate limits do not matter. */
const visit = (web: Web) => createBrowser(web, { 'x-forwarded-for': `198.51.100.${++lastAddress}` })
const unknown = () => `${randomUUID()}@example.com`
const signUp = (web: Web, email: string) =>
  visit(web).post('sign-up/email', {
    email,
    password: 'correct-horse-battery',
    name: 'Eve Ning https://x.example',
  })

interface Answer {
  status: number
  cookies: string[]
  body: unknown
}

/** Everything that a client sees, without values that differ from request to request. */
async function readAnswer(response: Response, email: string): Promise<Answer> {
  const text = (await response.text())
    .replaceAll(email, 'EMAIL')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/"id":"\w+"/g, '"id":"ID"')
  const cookies = response.headers.getSetCookie().map((line) => line.replace(/=[^;]*/, ''))
  return { status: response.status, cookies, body: text ? JSON.parse(text) : null }
}

/**
 * The shortest duration of requests that `send` makes for a known and for an unknown address, in turns: other load of this
 * computer makes only some of them longer.
 */
async function compareDurations(send: (email: string) => Promise<Response>) {
  const shortest = { known: Infinity, unknown: Infinity }
  for (let round = 0; round < 7; round++) {
    // A refused attempt is answered at once.
    await database.db.attemptLimit.deleteMany()
    for (const [kind, email] of [
      ['known', known],
      ['unknown', unknown()],
    ] as const) {
      const startedAt = performance.now()
      const response = await send(email)
      await response.text()
      expect(response.status).not.toBe(429)
      shortest[kind] = Math.min(shortest[kind], performance.now() - startedAt)
    }
  }
  return shortest
}

describe('where sign-up is closed', () => {
  it('a known and an unknown address get the same answer', async () => {
    const other = unknown()
    const first = await readAnswer(await signUp(closed, known), known)
    expect(first.status).toBe(403)
    expect(await readAnswer(await signUp(closed, other), other)).toEqual(first)
  })
})

describe('where sign-up is open and addresses are verified', () => {
  it('a known address gets the answer of a new one, and its owner a mail', async () => {
    const other = unknown()
    const first = await readAnswer(await signUp(open, other), other)
    expect(first.status).toBe(200)
    expect(await readAnswer(await signUp(open, known), known)).toEqual(first)
    const mails = await database.db.mail.findMany({ where: { recipient: known } })
    expect(mails).toMatchObject([{ template: 'exists', subject: 'You already have an account' }])
  })

  it('an address that was never verified gets the same answer, and its owner a link', async () => {
    const other = unknown()
    const first = await readAnswer(await signUp(open, other), other)
    expect(await readAnswer(await signUp(open, other), other)).toEqual(first)
    const mails = await database.db.mail.findMany({ where: { recipient: other } })
    expect(new Set(mails.map(({ template }) => template))).toEqual(new Set(['verify']))
  })
})

describe('a sign-in and a password reset', () => {
  it('get the same answer for a known and an unknown address', async () => {
    for (const at of ['sign-in/email', 'request-password-reset', 'send-verification-email']) {
      const answers = await Promise.all(
        [known, unknown()].map(async (email) =>
          readAnswer(await visit(open).post(at, { email, password: 'wrong-password' }), email),
        ),
      )
      expect(answers[1]).toEqual(answers[0])
    }
  })

  it('take the same time for a known and an unknown address', async () => {
    for (const at of ['sign-in/email', 'request-password-reset', 'sign-up/email']) {
      const { known: knownMs, unknown: unknownMs } = await compareDurations((email) =>
        visit(open).post(at, { email, password: 'wrong-password', name: 'Eve' }),
      )
      expect(Math.abs(knownMs - unknownMs), `${at}: ${knownMs} and ${unknownMs} ms`).toBeLessThan(100)
    }
  })
})
