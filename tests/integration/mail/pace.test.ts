import { afterAll, beforeAll, expect, it } from 'vitest'
import { createOwner, useDatabase } from '@/tests/support/database'
import { useMailRoom } from '@/tests/support/mail-room'
import { type Smtp, startSmtp } from '@/tests/support/smtp'

const COUNT = 120
const RATE = 40

const database = useDatabase()
const room = useMailRoom(database)
let smtp: Smtp
beforeAll(async () => {
  smtp = await startSmtp()
})
afterAll(async () => {
  await room.stopSenders()
  await smtp.stop()
})

it('a burst leaves at the configured rate, whichever of two senders sends', async () => {
  const to = await createOwner(database.db)
  await Promise.all(Array.from({ length: COUNT }, () => room.queue({ to })))
  const settings = { SMTP_URL: smtp.url, MAIL_RATE_PER_SECOND: RATE }
  await Promise.all([room.startSender(settings), room.startSender(settings)])
  await expect.poll(() => smtp.mails.length, { timeout: 30_000, interval: 50 }).toBe(COUNT)
  const { arrivedAt } = smtp
  const seconds = (arrivedAt.at(-1)! - arrivedAt[0]!) / 1000
  expect((COUNT - 1) / seconds).toBeGreaterThan(RATE * 0.9)
  const inOneSecond = arrivedAt.map((from) => arrivedAt.filter((at) => at >= from && at < from + 1000).length)
  // A mail may take a little longer on its way than the one after it.
  expect(Math.max(...inOneSecond)).toBeLessThanOrEqual(RATE * 1.15)
  expect(new Set(smtp.mails.map((mail) => mail.messageId)).size).toBe(COUNT)
})
