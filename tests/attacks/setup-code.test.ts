import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { useDatabase } from '@/tests/support/database'
import { startApp } from '@/tests/support/app'
import { startWeb, type Web } from '@/tests/support/web'

const execFileAsync = promisify(execFile)
const database = useDatabase()
let web: Web
let otherWeb: Web
let localWeb: Web

beforeAll(async () => {
  const start = (env: Record<string, string>) => startWeb({ databaseUrl: database.url, env })
  ;[web, otherWeb, localWeb] = await Promise.all([
    start({ HOST: '0.0.0.0' }),
    start({ HOST: '0.0.0.0' }),
    start({}),
  ])
})
beforeEach(() => database.db.attemptLimit.deleteMany())
afterAll(() => Promise.all([web, otherWeb, localWeb].map((one) => one.stop())))

const signUp = (at: Web, body: object, headers: Record<string, string> = {}) =>
  fetch(`${at.url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: at.url, ...headers },
    body: JSON.stringify({
      email: `${randomUUID()}@example.com`,
      password: 'correct-horse-battery',
      name: 'Eve',
      ...body,
    }),
  })

async function runAdmin(...args: string[]) {
  const { stdout } = await execFileAsync(process.execPath, ['--import', 'tsx', 'scripts/admin.ts', ...args], {
    env: web.env,
  })
  return stdout.trim()
}

describe('on a new server that other computers reach', () => {
  it('the first visitor does not become administrator without the setup code', async () => {
    for (const [body, headers] of [
      [{}, {}],
      [{ setupCode: 'AAAA-AAAA-AAAA-AAAA' }, {}],
      [{ setupCode: ['AAAA'] }, {}],
      [{}, { 'x-meanwhile-local': '1' }],
    ] as const) {
      const response = await signUp(web, body, headers)
      expect(response.status).toBe(403)
      expect(await response.json()).toMatchObject({ code: 'SETUP_CODE_REQUIRED' })
    }
    expect(await database.db.user.count()).toBe(0)
    expect(await (await fetch(`${web.url}/sign-up`)).text()).toContain('Setup code')
  })

  it('guessing is slowed down for all web processes together', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7' }
    const statuses: number[] = []
    let retryAfter: string | null = null
    for (let n = 0; n < 12; n++) {
      const response = await signUp(n % 2 ? web : otherWeb, { setupCode: `GUESS-${n}` }, headers)
      statuses.push(response.status)
      retryAfter ??= response.headers.get('retry-after')
    }
    expect(statuses).toContain(429)
    expect(Number(retryAfter)).toBeGreaterThan(0)
    expect(await database.db.user.count()).toBe(0)
  })
})

describe('on a new server that only this computer reaches', () => {
  it('a request through a proxy does not create the administrator', async () => {
    for (const [name, value] of [
      ['x-forwarded-for', '203.0.113.9'],
      ['forwarded', 'for=203.0.113.9'],
      ['via', '1.1 proxy'],
      ['x-real-ip', '203.0.113.9'],
    ] as const)
      expect((await signUp(localWeb, {}, { [name]: value })).status).toBe(403)
    expect(await database.db.user.count()).toBe(0)
    expect(await (await fetch(`${localWeb.url}/sign-up`)).text()).not.toContain('Setup code')
  })

  it('the start prints the code before the URL', async () => {
    const app = await startApp({ MACHINES: 'off' })
    try {
      expect(app.output()).toMatch(
        /Setup code[^\n]*: (?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}\nMeanwhile is ready: http/,
      )
      const { status } = await fetch(`${app.url}/api/auth/sign-up/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: app.url },
        body: JSON.stringify({ email: 'ada@example.com', password: 'correct-horse-battery', name: 'Ada' }),
      })
      expect(status).toBe(200)
    } finally {
      await app.stop()
    }
  })
})

describe('with the code of the command line', () => {
  it('one account becomes the administrator, and the code works no more', async () => {
    const setupCode = (await runAdmin('setup-code')).toLowerCase()
    const headers = { 'x-forwarded-for': '198.51.100.4' }
    const statuses = await Promise.all(
      [web, otherWeb, web, otherWeb].map(async (at) => (await signUp(at, { setupCode }, headers)).status),
    )
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(await database.db.user.findMany({ select: { role: true } })).toEqual([{ role: 'admin' }])
    expect((await signUp(web, { setupCode }, headers)).status).toBe(403)
    await expect(runAdmin('setup-code')).rejects.toThrow('no longer needed')
  })
})
