import { afterAll, beforeAll, expect, it } from 'vitest'
import { createOwner, useDatabase } from '@/tests/support/database'
import { useMailFixture } from '@/tests/support/mail-fixture'
import { type TestSmtpServer, startSmtpServer } from '@/tests/support/smtp-server'

const COUNT = 24
/** Mails per second. */
const RATE = 6

const database = useDatabase()
const fixture = useMailFixture(database)
let smtp: TestSmtpServer
beforeAll(async () => {
  smtp = await startSmtpServer()
})
afterAll(async () => {
  await fixture.stopSenders()
  await smtp.stop()
})

it('sends a burst no faster than the configured rate with two senders', { tags: 'full' }, async () => {
  const { queuedAtMs, receivedAtMs } = await sendBurst()
  expect(measureRate(queuedAtMs, receivedAtMs)).toBeLessThan(RATE * 1.01)
})

// A sender on a busy computer is slower.
it('sends a burst as fast as the configured rate with two senders', { tags: 'full' }, async () => {
  const { receivedAtMs } = await sendBurst()
  expect(measureRate(receivedAtMs[0]!, receivedAtMs)).toBeGreaterThan(RATE * 0.8)
})

/** Starts two senders, and queues mails to one user at once. Resolves when all have arrived, each once. */
async function sendBurst() {
  await fixture.stopSenders()
  const to = await createOwner(database.db)
  const settings = { SMTP_URL: smtp.url, MAIL_RATE_PER_SECOND: RATE }
  await Promise.all([fixture.startSender(settings), fixture.startSender(settings)])
  // The first mail loads the templates.
  await fixture.waitForState((await fixture.queueMail({ to })).id, 'sent')
  const before = smtp.mails.length
  const queuedAtMs = performance.now()
  await Promise.all(Array.from({ length: COUNT }, () => fixture.queueMail({ to })))
  await expect.poll(() => smtp.mails.length, { timeout: 30_000, interval: 50 }).toBe(before + COUNT)
  expect(new Set(smtp.mails.map((mail) => mail.messageId)).size).toBe(before + COUNT)
  return { queuedAtMs, receivedAtMs: smtp.receivedAtMs.slice(before) }
}

const measureRate = (startMs: number, receivedAtMs: number[]) =>
  ((COUNT - 1) * 1000) / (receivedAtMs.at(-1)! - startMs)

it('sends the mail of another user next, regardless of how many of one user wait', async () => {
  await fixture.stopSenders()
  const [many, one] = [await createOwner(database.db), await createOwner(database.db)]
  await fixture.startSender({ SMTP_URL: smtp.url, MAIL_RATE_PER_SECOND: RATE })
  // One after another, because mails that are queued at the same time may share a round.
  for (let n = 0; n < 4 * COUNT; n++) await fixture.queueMail({ to: many })
  await expect
    .poll(() => smtp.findMailsTo(many.email).length, { timeout: 30_000, interval: 20 })
    .toBeGreaterThan(3)
  const { id } = await fixture.queueMail({ to: one })
  // Not fetched yet, and of a later round.
  const waiting = await database.db.$queryRaw<{ id: string }[]>`
    SELECT mail.id FROM mail JOIN task ON task.id = mail."taskId" JOIN pgboss.job ON job.id = task."jobId"
    WHERE mail."ownerId" = ${many.id} AND job.state = 'created' AND task.round >
      (SELECT task.round FROM task JOIN mail ON mail."taskId" = task.id WHERE mail.id = ${id}::uuid)`
  const ids = waiting.map((mail) => mail.id)
  expect(ids.length).toBeGreaterThan(3)
  await fixture.waitForState(id, 'sent')
  // All jobs that a fetch returns have the same time.
  const earlierFetches = await database.db.$queryRaw<unknown[]>`
    SELECT DISTINCT job.started_on FROM pgboss.job JOIN task ON job.id = task."jobId" JOIN mail ON mail."taskId" = task.id
    WHERE mail.id = ANY(${ids}::uuid[]) AND job.started_on <
      (SELECT job.started_on FROM pgboss.job JOIN task ON job.id = task."jobId" JOIN mail ON mail."taskId" = task.id
        WHERE mail.id = ${id}::uuid)`
  // One fetch may run when the mail is queued.
  expect(earlierFetches.length).toBeLessThanOrEqual(1)
})
