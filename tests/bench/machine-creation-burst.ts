import { setTimeout as delay } from 'node:timers/promises'
import { openDb } from '@/lib/database/db'
import { readDatabaseUrl } from '@/scripts/database-url'
import { startApp } from '@/tests/support/app'
import { withCpuProfile } from './cpu-profile'
import { type MailCounter, startMailCounter } from './mail-counter'
import { createKeepAliveClient } from './keep-alive-client'
import { median, quantile, type Measurement } from './measurement'

/** Or BENCH_ORDERS. */
const REQUESTS = Number(process.env.BENCH_ORDERS ?? 10_000)
const CONNECTIONS = 32
/** Lower than the request rate, so that mails queue up. */
const MAILS_PER_SECOND = 40
const IDLE_REQUESTS = 20
const INTERVAL_MS = 500

/**
 * One user requests ten thousand machines at once through the real web process, with no host to provision them; another
 * user requests one at intervals. Every request is confirmed by mail through a real SMTP server at the configured rate.
 */
export async function benchmarkMachineCreationBurst(): Promise<Measurement[]> {
  const mail = await startMailCounter()
  const app = await startApp({
    LOG_LEVEL: 'warn',
    MACHINES: 'off',
    ...Object.fromEntries(
      ['COUNT', 'CPUS', 'MEMORY_MIB', 'DISK_MIB'].map((resource) => [
        `MACHINE_QUOTA_${resource}`,
        '1000000000',
      ]),
    ),
    SMTP_URL: mail.url,
    MAIL_RATE_PER_SECOND: String(MAILS_PER_SECOND),
  })
  try {
    const burstUser = await app.createUser('many@example.com')
    const otherUser = await app.createUser('one@example.com')
    const burstClient = createKeepAliveClient({ url: app.url, key: burstUser.key, connections: CONNECTIONS })
    const otherClient = createKeepAliveClient({ url: app.url, key: otherUser.key, connections: 1 })
    const requestMachine = async () => {
      const arrival = mail.waitForMailTo(otherUser.email)
      const startedAt = performance.now()
      const { status, body, ms } = await otherClient.post('/api/v1/machines', {})
      if (status !== 202) throw new Error(`a request returned ${status}: ${body}`)
      return { responded: ms, confirmed: (await arrival).at - startedAt }
    }
    const idle = await runSequentially(IDLE_REQUESTS, requestMachine)

    let isBurst = true
    const concurrent = (async () => {
      const samples: Awaited<ReturnType<typeof requestMachine>>[] = []
      while (isBurst) {
        samples.push(await requestMachine())
        await delay(INTERVAL_MS)
      }
      return samples
    })()
    const startedAt = performance.now()
    const responseMs: number[] = []
    await withCpuProfile({ title: 'orders', pid: app.findPid('dist/server.js') }, () =>
      Promise.all(
        Array.from({ length: CONNECTIONS }, async (_, first) => {
          for (let n = first; n < REQUESTS; n += CONNECTIONS) {
            const { status, ms, body } = await burstClient.post('/api/v1/machines', {})
            if (status !== 202) throw new Error(`request ${n} returned ${status}: ${body}`)
            responseMs.push(ms)
          }
        }),
      ),
    )
    const seconds = (performance.now() - startedAt) / 1000
    isBurst = false
    const during = await concurrent
    burstClient.close()
    otherClient.close()
    return [
      {
        name: `machine requests accepted, burst of ${REQUESTS}`,
        value: REQUESTS / seconds,
        unit: 'per second',
      },
      { name: 'response time during the burst, p50', value: quantile(responseMs, 0.5), unit: 'ms' },
      { name: 'response time during the burst, p99', value: quantile(responseMs, 0.99), unit: 'ms' },
      ...(await measureRows(app.dataDir)),
      {
        name: 'response time for another user, idle, p50',
        value: median(idle.map((sample) => sample.responded)),
        unit: 'ms',
      },
      {
        name: 'response time for another user, during the burst, p50',
        value: median(during.map((sample) => sample.responded)),
        unit: 'ms',
      },
      {
        name: 'time to the confirmation mail for another user, during the burst / idle',
        value:
          median(during.map((sample) => sample.confirmed)) / median(idle.map((sample) => sample.confirmed)),
        unit: 'ratio',
        aim: '≤ 2.00',
      },
      ...(await measureConfirmations(mail, REQUESTS + idle.length + during.length)),
    ]
  } finally {
    await app.stop()
    await mail.stop()
  }
}

async function runSequentially<T>(count: number, work: () => Promise<T>) {
  const results: T[] = []
  for (let n = 0; n < count; n++) results.push(await work())
  return results
}

/** Compares the rows in the database with the accepted requests. */
async function measureRows(dataDir: string): Promise<Measurement[]> {
  const db = openDb({ url: readDatabaseUrl(dataDir)! })
  try {
    const ofBurstUser = { owner: { email: 'many@example.com' } }
    const orders = await db.machineOrder.count({ where: ofBurstUser })
    const tasks = await db.task.count({
      where: { ...ofBurstUser, kind: 'machine.provision', state: 'queued' },
    })
    return [
      { name: 'requests lost', value: REQUESTS - Math.min(orders, tasks), unit: 'count', aim: '0' },
      {
        name: 'requests duplicated',
        value: Math.max(0, Math.max(orders, tasks) - REQUESTS),
        unit: 'count',
        aim: '0',
      },
    ]
  } finally {
    await db.$disconnect()
  }
}

/** Waits until all confirmations have arrived or none arrives for 15 seconds. */
async function measureConfirmations({ arrivals }: MailCounter, expected: number): Promise<Measurement[]> {
  for (let before = -1; arrivals.length < expected && arrivals.length > before;) {
    before = arrivals.length
    await delay(15_000)
  }
  const distinct = new Set(arrivals.map(({ messageId }) => messageId)).size
  // The rate while mails are queued, without the first and last tenth.
  const middle = arrivals.slice(Math.floor(arrivals.length * 0.1), Math.ceil(arrivals.length * 0.9))
  const seconds = (middle.at(-1)!.at - middle[0]!.at) / 1000
  return [
    {
      name: `confirmations received, limited to ${MAILS_PER_SECOND} per second`,
      value: (middle.length - 1) / seconds,
      unit: 'per second',
      aim: `≤ ${MAILS_PER_SECOND * 1.02}`,
    },
    { name: 'confirmations lost', value: expected - distinct, unit: 'count', aim: '0' },
    { name: 'confirmations duplicated', value: arrivals.length - distinct, unit: 'count', aim: '0' },
  ]
}
