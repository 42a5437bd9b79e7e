import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrate } from '@/scripts/migrate'
import { type RunningPostgres, startPostgres } from '@/scripts/postgres'
import { TEST_PASSWORD } from '@/tests/support/accounts'
import { startWeb, type Web } from '@/tests/support/web'

const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-outage-'))
let postgres: RunningPostgres
let web: Web

beforeAll(async () => {
  postgres = await startPostgres({ dataDir })
  await migrate(postgres.url)
  web = await startWeb({ databaseUrl: postgres.url })
})
afterAll(async () => {
  await web.stop()
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

it(
  'responds 503 with Retry-After while the database is unavailable, and keeps sessions and keys valid',
  { tags: 'full' },
  async () => {
    const { email, key } = await web.createUser('ada@example.com')
    const signIn = () =>
      fetch(`${web.url}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password: TEST_PASSWORD }),
      })
    const signedIn = await signIn()
    const cookie = signedIn.headers.getSetCookie().map((line) => line.split(';')[0])
    const machine = '/machines/00000000-0000-4000-8000-000000000000/ports/80/'
    const readStatuses = async () => {
      const responses = [
        await fetch(`${web.url}/api/v1/tasks`, { headers: { cookie: cookie.join('; ') } }),
        await fetch(`${web.url}${machine}`, { headers: { cookie: cookie.join('; ') } }),
        await fetch(`${web.url}/api/v1/tasks`, { headers: { authorization: `Bearer ${key}` } }),
        await signIn(),
      ]
      return responses.map(({ status, headers }) => [status, headers.get('retry-after')])
    }
    const available = [
      [200, null],
      [404, null],
      [200, null],
      [200, null],
    ]
    expect(await readStatuses()).toEqual(available)
    await postgres.stop()
    expect(await readStatuses()).toEqual([
      [503, '1'],
      [503, '1'],
      [503, '1'],
      [503, '1'],
    ])
    postgres = await startPostgres({ dataDir })
    await expect.poll(readStatuses, { timeout: 15_000 }).toEqual(available)
  },
)
