import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useDatabase } from '@/tests/support/database'
import { useMailFixture } from '@/tests/support/mail-fixture'
import { type TestSmtpServer, startSmtpServer } from '@/tests/support/smtp-server'
import { killAndWait } from '@/tests/support/processes'

const ROUNDS = 20
type SenderProcess = ChildProcessByStdio<Writable, Readable, null>

const database = useDatabase()
const fixture = useMailFixture(database)
let smtp: TestSmtpServer
/** Loaded senders that wait for their start signal: loading takes longer than the tests' timing allows. */
const standbySenders: Promise<SenderProcess>[] = []

beforeAll(async () => {
  smtp = await startSmtpServer()
})
afterAll(async () => {
  for (const sender of standbySenders) await killAndWait(await sender)
  await smtp.stop()
})

/** Starts a real sender process. */
async function startSender() {
  while (standbySenders.length < 3) standbySenders.push(spawnSender())
  const sender = await standbySenders.shift()!
  sender.stdin.write('begin\n')
  return sender
}

async function spawnSender(): Promise<SenderProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tests/support/mail-sender.ts'], {
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      SMTP_URL: smtp.url,
      MAIL_RATE_PER_SECOND: '1000',
      LOG_LEVEL: 'warn',
    } as NodeJS.ProcessEnv,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

/** Kills the sender up to `withinMs` after `moment` has resolved, once per round. Returns the number of each outcome. */
async function killSenderAfter(
  moment: (sent: { id: string; email: string }) => Promise<unknown>,
  withinMs: number,
) {
  const mails: { id: string; email: string }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const sender = await startSender()
    const mail = await fixture.queueMail()
    mails.push(mail)
    await moment(mail)
    await delay(Math.random() * withinMs)
    await killAndWait(sender)
    delete smtp.hooks.beforeAccept
    delete smtp.hooks.onRcptTo
  }
  const last = await startSender()
  await expect
    .poll(
      () =>
        database.db.mail.count({
          where: { id: { in: mails.map(({ id }) => id) }, state: { in: ['sent', 'ambiguous'] } },
        }),
      { timeout: 90_000, interval: 250 },
    )
    .toBe(ROUNDS)
  await killAndWait(last)
  const outcomes = { sent: 0, ambiguous: 0 }
  for (const { id, email } of mails) {
    const { state, messageId } = await fixture.readMail(id)
    const arrived = smtp.findMailsTo(email)
    outcomes[state as keyof typeof outcomes]++
    expect(arrived.length, `${state} arrived ${arrived.length} times`).toBeLessThanOrEqual(1)
    if (state === 'sent') expect(arrived.map((mail) => mail.messageId)).toEqual([messageId])
  }
  return outcomes
}

it('sends each mail once or marks it as ambiguous when its sender is killed at any time', async () => {
  const outcomes = await killSenderAfter(async () => {
    // Any moment between claim and completion.
  }, 500)
  process.stdout.write(`killed at any time: ${JSON.stringify(outcomes)}\n`)
  expect(outcomes.sent).toBeGreaterThan(0)
})

it('marks a mail as ambiguous when its sender is killed between sending and settling', async () => {
  const outcomes = await killSenderAfter(async ({ email }) => {
    const accepted = Promise.withResolvers<void>()
    // The server accepts the mail, but its response comes too late.
    smtp.hooks.beforeAccept = async (mail) => {
      if (!JSON.stringify(mail.to).includes(email)) return
      accepted.resolve()
      await delay(200)
    }
    await accepted.promise
  }, 60)
  process.stdout.write(`killed between: ${JSON.stringify(outcomes)}\n`)
  expect(outcomes.ambiguous).toBe(ROUNDS)
})

it('does not resend a mail whose sender is killed after settling', async () => {
  const outcomes = await killSenderAfter(({ id }) => fixture.waitForState(id, 'sent'), 60)
  expect(outcomes).toEqual({ sent: ROUNDS, ambiguous: 0 })
})

it('loses no mail when the server is down for a minute during a burst', async () => {
  const server = await startSmtpServer()
  await fixture.startSender({ SMTP_URL: server.url, MAIL_RATE_PER_SECOND: 20 })
  const mails = await Promise.all(Array.from({ length: 200 }, () => fixture.queueMail()))
  await expect.poll(() => server.mails.length, { timeout: 20_000 }).toBeGreaterThan(50)
  const before = server.mails.slice()
  server.resetAll()
  await server.stop()
  await delay(60_000)
  const back = await startSmtpServer({ port: server.port })
  const ids = mails.map(({ id }) => id)
  const open = () =>
    database.db.mail.count({ where: { id: { in: ids }, state: { in: ['waiting', 'sending'] } } })
  await expect.poll(open, { timeout: 90_000, interval: 250 }).toBe(0)
  const arrived = [...server.mails, ...back.mails].map((mail) => mail.messageId!)
  expect(new Set(arrived).size).toBe(arrived.length)
  const ambiguous = await database.db.mail.count({ where: { id: { in: ids }, state: 'ambiguous' } })
  process.stdout.write(`${before.length} before, ${back.mails.length} after, ${ambiguous} ambiguous\n`)
  expect(arrived.length + ambiguous).toBeGreaterThanOrEqual(mails.length)
  await fixture.stopSenders()
  await back.stop()
})
