import { afterAll, beforeAll, expect, it } from 'vitest'
import { createOwner, useDatabase } from '@/tests/support/database'
import { useMailFixture } from '@/tests/support/mail-fixture'
import { type TestSmtpServer, startSmtpServer } from '@/tests/support/smtp-server'

const COUNT = 40
/** Per second; low enough for a busy computer. */
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

it('sends a burst at the configured rate with two senders', async () => {
  const to = await createOwner(database.db)
  await Promise.all(Array.from({ length: COUNT }, () => fixture.queueMail({ to })))
  const settings = { SMTP_URL: smtp.url, MAIL_RATE_PER_SECOND: RATE }
  await Promise.all([fixture.startSender(settings), fixture.startSender(settings)])
  await expect.poll(() => smtp.mails.length, { timeout: 30_000, interval: 50 }).toBe(COUNT)
  const rateOf = (count: number, since: number) => (count * 1000) / (smtp.receivedAtMs.at(-1)! - since)
  // The first mails are delayed by the start-up of the senders.
  expect(rateOf(COUNT - 16, smtp.receivedAtMs[15]!)).toBeGreaterThan(RATE * 0.8)
  // A mail is claimed after it acquires its permit. Arrivals are not evenly spaced on a busy computer.
  const { _min: first } = await database.db.mail.aggregate({ _min: { claimedAt: true } })
  expect(rateOf(COUNT - 1, first.claimedAt!.getTime() - performance.timeOrigin)).toBeLessThan(RATE * 1.1)
  expect(new Set(smtp.mails.map((mail) => mail.messageId)).size).toBe(COUNT)
})

it('sends the mail of another user next, regardless of how many of one user wait', async () => {
  await fixture.stopSenders()
  const [many, one] = [await createOwner(database.db), await createOwner(database.db)]
  // Slow enough that sending takes less than the interval between permits, even on a busy computer.
  await fixture.startSender({ SMTP_URL: smtp.url, MAIL_RATE_PER_SECOND: 3 })
  await Promise.all(Array.from({ length: COUNT }, () => fixture.queueMail({ to: many })))
  await expect
    .poll(() => smtp.findMailsTo(many.email).length, { timeout: 30_000, interval: 20 })
    .toBeGreaterThan(9)
  const { id } = await fixture.queueMail({ to: one })
  // Not fetched yet.
  const waiting = await database.db.$queryRaw<{ id: string }[]>`
    SELECT mail.id FROM mail JOIN task ON task.id = mail."taskId" JOIN pgboss.job ON job.id = task."jobId"
    WHERE mail."ownerId" = ${many.id} AND job.state = 'created'`
  const ids = waiting.map((mail) => mail.id)
  expect(ids.length).toBeGreaterThan(3)
  await fixture.waitForState(id, 'sent')
  const { claimedAt } = await fixture.readMail(id)
  const earlier = await database.db.mail.count({ where: { id: { in: ids }, claimedAt: { lt: claimedAt! } } })
  // One may be fetched at the same time.
  expect(earlier).toBeLessThanOrEqual(1)
})
