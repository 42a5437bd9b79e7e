import { afterAll, beforeAll, expect, it } from 'vitest'
import { useDatabase } from '@/tests/support/database'
import type { TestUser } from '@/tests/support/accounts'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let ada: TestUser
let eve: TestUser

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com', { isAdmin: true })
  eve = await web.createUser('eve@example.com')
  const { id: ownerId } = await database.db.user.findUniqueOrThrow({ where: { email: ada.email } })
  await database.db.task.create({
    data: {
      id: '0193a000-0000-7000-8000-000000000001',
      ownerId,
      kind: 'video.inspect',
      queue: 'video.inspect',
      payload: { secret: 'harbour' },
      maxAttempts: 3,
      state: 'failed',
      cause: 'harbour',
      error: { code: 'video.unreadable', message: 'harbour' },
      finishedAt: new Date(),
    },
  })
})
afterAll(() => web.stop())

/** Router state of a browser that already has the layout of these pages, so that Next.js omits it from the response. */
const routerState = ['', { children: ['(app)', { children: ['admin', { children: ['elsewhere', {}] }] }] }]
const layoutHeaders = { rsc: '1', 'next-router-state-tree': encodeURIComponent(JSON.stringify(routerState)) }

it.each([
  ['', 'Machine hosts'],
  ['/queues', 'Shared queues'],
  ['/dead-letters', 'harbour'],
  ['/tasks', 'harbour'],
  ['/tasks/0193a000-0000-7000-8000-000000000001', 'harbour'],
  ['/users', 'ada@example.com'],
  ['/audit', 'Export as JSON lines'],
  ['/mail', 'Email is not sent until SMTP_URL is set'],
  ['/mail/preview', 'Every template with sample content'],
])('shows /admin%s only to administrators, with or without its layout', async (at, text) => {
  const read = async (user: Pick<TestUser, 'fetch'>, headers: Record<string, string>) =>
    (await user.fetch(`/admin${at}`, { headers })).text()
  const anonymous = { fetch: (path: string, init?: RequestInit) => fetch(web.url + path, init) }
  for (const headers of [{}, layoutHeaders]) {
    expect(await read(eve, headers)).not.toContain(text)
    expect(await read(anonymous, headers)).not.toContain(text)
    expect(await read(ada, headers)).toContain(text)
  }
})
