import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { isDatabaseUnavailable } from '@/lib/database/database-unavailable'
import { openDb } from '@/lib/database/db'
import { openBoss } from '@/lib/tasks/boss'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { useDatabase } from '@/tests/support/database'
import { rejectionOf } from '@/tests/support/rejection-of'
import { startTcpProxy } from '@/tests/support/tcp-proxy'

const SILENCE_TIMEOUT_MS = 500
const database = useDatabase()
let proxy: Awaited<ReturnType<typeof startTcpProxy>>
let url: string
beforeAll(async () => {
  proxy = await startTcpProxy(database.url)
  const address = new URL(database.url)
  address.port = new URL(proxy.url).port
  url = address.href
})
afterAll(() => proxy.close())

/** Repeats a call that a busy computer keeps from ending within the short timeout. */
const eventually = <T>(call: () => Promise<T>) => vi.waitFor(call, { timeout: 30_000, interval: 50 })

it('fails queries and transactions whose connection is silent, and continues on a new one', async () => {
  const db = openDb({ url, silenceTimeoutMs: SILENCE_TIMEOUT_MS })
  await eventually(() => db.user.count())
  proxy.stall()
  expect(isDatabaseUnavailable(await rejectionOf(db.user.count()))).toBe(true)
  expect(await eventually(() => db.user.count())).toBe(0)
  const transaction = db.$transaction(async (tx) => {
    await tx.user.count()
    proxy.stall()
    await tx.user.count()
  })
  expect(isDatabaseUnavailable(await rejectionOf(transaction))).toBe(true)
  expect(await eventually(() => db.user.count())).toBe(0)
  await db.$disconnect()
})

it('fails calls of pg-boss whose connection is silent, and continues on a new one', async () => {
  const boss = await openBoss({ url, supervise: false, silenceTimeoutMs: SILENCE_TIMEOUT_MS }).start()
  await eventually(() => boss.fetch(inspectVideoTask.name))
  proxy.stall()
  expect(isDatabaseUnavailable(await rejectionOf(boss.fetch(inspectVideoTask.name)))).toBe(true)
  expect(await eventually(() => boss.fetch(inspectVideoTask.name))).toEqual([])
  // Its LISTEN connection has a heartbeat of its own, for which a stop would wait.
  proxy.cut()
  proxy.restore()
  await boss.stop({ graceful: false })
})

it('recognizes a transaction that did not end or begin in time', async () => {
  const db = openDb({ url })
  await db.user.count()
  const expired = db.$transaction(
    async (tx) => {
      for (;;) await tx.user.count()
    },
    { timeout: 50 },
  )
  expect(isDatabaseUnavailable(await rejectionOf(expired))).toBe(true)
  proxy.cut()
  proxy.ignore()
  const notBegun = db.$transaction((tx) => tx.user.count(), { maxWait: 50 })
  expect(isDatabaseUnavailable(await rejectionOf(notBegun))).toBe(true)
  proxy.restore()
  await db.$disconnect()
})

it('lets the server end a transaction whose client is gone, so that it holds no locks', async () => {
  const [row] = await database.db.$queryRaw<{ timeout: string }[]>`
    SELECT current_setting('idle_in_transaction_session_timeout') AS timeout`
  expect(row!.timeout).toBe('1min')
})

it('recognizes a computer without a network', async () => {
  for (const reason of ['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ECONNREFUSED'])
    expect(isDatabaseUnavailable(new Error(`connect ${reason} 10.77.0.2:5432`))).toBe(true)
  expect(isDatabaseUnavailable(new Error('timeout exceeded when trying to connect'))).toBe(true)
})
