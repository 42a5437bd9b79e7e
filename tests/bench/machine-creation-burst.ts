import { setTimeout as delay } from 'node:timers/promises'
import { openDb } from '@/lib/database/db'
import { readDatabaseUrl } from '@/scripts/database-url'
import { startApp } from '@/tests/support/app'
import { type MailCounter, startMailCounter } from './mail-counter'
import { createKeepAliveClient } from './keep-alive-client'
import { median, quantile, type Measurement } from './measurement'

const REQUESTS = 10_000
const CONNECTIONS = 32
/** Fewer than orders come, so that the mails wait in line. */
const MAILS_PER_SECOND = 40
const IDLE_REQUESTS = 20
const INTERVAL_MS = 500

/**
 * One script orders ten thousand machines at once through the real web process, where no host takes them; somebody else
 * orders one now and then. Every order is confirmed by a mail to a real SMTP server, at the configured rate.
 */
export async function benchmarkMachineCreationBurst(): Promise<Measurement[]> {
  const mail = await startMailCounter()
  const app = await startApp({
    LOG_LEVEL: 'warn',
    MACHINES: 'off',
    ...Object.fromEntries(
      ['COUNT', 'CPUS', 'MEMORY_MIB', 'DISK_MIB'].map((of) => [`MACHINE_QUOTA_${of}`, '1000000000']),
    ),
    SMTP_URL: mail.url,
    MAIL_RATE_PER_SECOND: String(MAILS_PER_SECOND),
  })
  try {
    const many = await app.createUser('many@example.com')
    const one = await app.createUser('one@example.com')
    const script = createKeepAliveClient({ url: app.url, key: many.key, connections: CONNECTIONS })
    const single = createKeepAliveClient({ url: app.url, key: one.key, connections: 1 })
    const order = async () => {
      const arrival = mail.waitForMailTo(one.email)
      const startedAt = performance.now()
      const answer = await single.post('/api/v1/machines', {})
      if (answer.status !== 202) throw new Error(`an order was answered ${answer.status}: ${answer.body}`)
      return { answered: answer.ms, confirmed: (await arrival).at - startedAt }
    }
    const alone = await runSequentially(IDLE_REQUESTS, order)

    let isBurst = true
    const beside = (async () => {
      const found: Awaited<ReturnType<typeof order>>[] = []
      while (isBurst) {
        found.push(await order())
        await delay(INTERVAL_MS)
      }
      return found
    })()
    const startedAt = performance.now()
    const answers: number[] = []
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async (_, lane) => {
        for (let n = lane; n < REQUESTS; n += CONNECTIONS) {
          const { status, ms, body } = await script.post('/api/v1/machines', {})
          if (status !== 202) throw new Error(`order ${n} was answered ${status}: ${body}`)
          answers.push(ms)
        }
      }),
    )
    const seconds = (performance.now() - startedAt) / 1000
    isBurst = false
    const during = await beside
    script.close()
    single.close()
    return [
      { name: `orders accepted, burst of ${REQUESTS}`, value: REQUESTS / seconds, unit: 'per second' },
      { name: 'order answered during the burst, p50', value: quantile(answers, 0.5), unit: 'ms' },
      { name: 'order answered during the burst, p99', value: quantile(answers, 0.99), unit: 'ms' },
      ...(await measureRows(app.dataDir)),
      {
        name: "somebody else's order answered, alone",
        value: median(alone.map((a) => a.answered)),
        unit: 'ms',
      },
      {
        name: "somebody else's order answered, during the burst",
        value: median(during.map((a) => a.answered)),
        unit: 'ms',
      },
      {
        name: "somebody else's order confirmed by mail, during the burst / alone",
        value: median(during.map((a) => a.confirmed)) / median(alone.map((a) => a.confirmed)),
        unit: 'ratio',
        aim: '≤ 2.00',
      },
      ...(await measureConfirmations(mail, REQUESTS + alone.length + during.length)),
    ]
  } finally {
    await app.stop()
    await mail.stop()
  }
}

async function runSequentially<T>(count: number, work: () => Promise<T>) {
  const found: T[] = []
  for (let n = 0; n < count; n++) found.push(await work())
  return found
}

/** What is in the database for what was answered. */
async function measureRows(dataDir: string): Promise<Measurement[]> {
  const db = openDb({ url: readDatabaseUrl(dataDir)! })
  try {
    const ofMany = { owner: { email: 'many@example.com' } }
    const orders = await db.machineOrder.count({ where: ofMany })
    const tasks = await db.task.count({ where: { ...ofMany, kind: 'machine.provision', state: 'queued' } })
    return [
      { name: 'orders lost', value: REQUESTS - Math.min(orders, tasks), unit: 'count', aim: '0' },
      {
        name: 'orders taken twice',
        value: Math.max(0, Math.max(orders, tasks) - REQUESTS),
        unit: 'count',
        aim: '0',
      },
    ]
  } finally {
    await db.$disconnect()
  }
}

/** Waits for the confirmations as long as they go on coming. */
async function measureConfirmations({ arrivals }: MailCounter, expected: number): Promise<Measurement[]> {
  for (let before = -1; arrivals.length < expected && arrivals.length > before;) {
    before = arrivals.length
    await delay(15_000)
  }
  const distinct = new Set(arrivals.map(({ messageId }) => messageId)).size
  // The rate while the line was long: without its first and last tenth.
  const middle = arrivals.slice(Math.floor(arrivals.length * 0.1), Math.ceil(arrivals.length * 0.9))
  const seconds = (middle.at(-1)!.at - middle[0]!.at) / 1000
  return [
    {
      name: `confirmations arrived, at ${MAILS_PER_SECOND} per second as configured`,
      value: (middle.length - 1) / seconds,
      unit: 'per second',
      aim: `≤ ${MAILS_PER_SECOND * 1.02}`,
    },
    { name: 'confirmations lost', value: expected - distinct, unit: 'count', aim: '0' },
    { name: 'confirmations sent twice', value: arrivals.length - distinct, unit: 'count', aim: '0' },
  ]
}
