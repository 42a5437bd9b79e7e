import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MachineDto, CreateMachineResponse } from '@/lib/machines/schema'
import { openDb } from '@/lib/database/db'
import { readDatabaseUrl } from '@/scripts/database-url'
import type { TestUser } from '@/tests/support/accounts'
import { type App, startApp } from '@/tests/support/app'
import { type TestSmtpServer, startSmtpServer } from '@/tests/support/smtp-server'

const MACHINES = 300
const CONCURRENCY = 20
const RETRY_MS = 100

let app: App
let user: TestUser
let smtp: TestSmtpServer
beforeAll(async () => {
  smtp = await startSmtpServer()
  app = await startApp({
    MACHINE_DRIVER: 'fake',
    MACHINE_QUOTA_COUNT: '1000',
    MACHINE_QUOTA_CPUS: '1000',
    MACHINE_QUOTA_MEMORY_MIB: '1000000',
    MACHINE_QUOTA_DISK_MIB: '1000000',
    SMTP_URL: smtp.url,
    MAIL_RATE_PER_SECOND: '50',
  })
  user = await app.createUser('burst@example.com', { isAdmin: true })
})
afterAll(async () => {
  await app.stop()
  await smtp.stop()
})

/** Retries the request with one idempotency key until it is accepted, like a client that lost the response. */
async function createMachine(name: string) {
  const idempotencyKey = randomUUID()
  for (;;) {
    const response = await user
      .fetch('/api/v1/machines', {
        method: 'POST',
        body: JSON.stringify({ name }),
        headers: { 'idempotency-key': idempotencyKey },
      })
      .catch(() => null)
    if (response?.status === 202) return ((await response.json()) as CreateMachineResponse).machine.id
    if (response && response.status < 500) throw new Error(await response.text())
    await delay(RETRY_MS)
  }
}

async function fetchMachines() {
  const found: MachineDto[] = []
  let cursor = ''
  do {
    const response = await user.fetch(`/api/v1/machines?limit=200${cursor && `&cursor=${cursor}`}`)
    if (!response.ok) return null
    const page = (await response.json()) as { machines: MachineDto[]; nextCursor: string | null }
    found.push(...page.machines)
    cursor = page.nextCursor ?? ''
  } while (cursor)
  return found
}

it('creates one machine and one mail per request when Postgres is stopped during a burst', async () => {
  const pendingNames = Array.from({ length: MACHINES }, (_, n) => `burst-${n}`)
  const ids: string[] = []
  const client = async () => {
    for (let name = pendingNames.pop(); name; name = pendingNames.pop()) ids.push(await createMachine(name))
  }
  const burst = Promise.all(Array.from({ length: CONCURRENCY }, client))
  await expect.poll(() => ids.length, { interval: 10, timeout: 60_000 }).toBeGreaterThan(MACHINES / 3)
  process.kill(app.readPostmasterPid(), 'SIGINT')
  await burst
  expect(new Set(ids).size).toBe(MACHINES)
  await expect
    .poll(async () => (await fetchMachines())?.filter(({ state }) => state === 'running').length, {
      timeout: 180_000,
      interval: 500,
    })
    .toBe(MACHINES)
  const names = (await fetchMachines())!.map(({ name }) => name)
  expect(names).toHaveLength(MACHINES)
  expect(new Set(names).size).toBe(MACHINES)

  // Each machine is confirmed once; a mail whose sending was interrupted is left to an administrator as ambiguous.
  const db = openDb({ url: readDatabaseUrl(app.dataDir)! })
  const confirmations = { eventKey: { startsWith: 'machine.ordered/' } }
  const open = () => db.mail.count({ where: { ...confirmations, state: { in: ['waiting', 'sending'] } } })
  await expect.poll(open, { timeout: 120_000, interval: 500 }).toBe(0)
  expect(await db.mail.count({ where: confirmations })).toBe(MACHINES)
  const sent = await db.mail.findMany({ where: { ...confirmations, state: 'sent' } })
  const ambiguous = await db.mail.count({ where: { ...confirmations, state: 'ambiguous' } })
  expect(sent.length + ambiguous).toBe(MACHINES)
  const arrived = smtp.mails.map(({ messageId }) => messageId)
  expect(new Set(arrived).size).toBe(arrived.length)
  for (const { messageId } of sent) expect(arrived).toContain(messageId)
  await db.$disconnect()
})
