// Over 200 lines because the load, what disturbs it and what is compared afterwards are read together.

import { randomUUID } from 'node:crypto'
import { openAsBlob, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { io, type Socket } from 'socket.io-client'
import { openDb } from '@/lib/database/db'
import type { CreateMachineResponse } from '@/lib/machines/schema'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import { readDatabaseUrl } from '@/scripts/database-url'
import type { VideoDto } from '@/lib/videos/schema'
import type { TestUser } from '@/tests/support/accounts'
import { type App, startApp } from '@/tests/support/app'
import { findProcesses } from '@/tests/support/processes'
import { generateLongClip } from './generate-clips'
import { type MailCounter, startMailCounter } from './mail-counter'
import type { Measurement } from './measurement'
import { growthPerHour, type ProcessSample, sampleProcess } from './process-growth'

/** Half an hour, or BENCH_SECONDS. */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 1_800)
const ORDER_INTERVAL_MS = 500
const UPLOAD_INTERVAL_MS = 15_000
const WATCHERS = 50
const KILL_INTERVAL_MS = 60_000
const SAMPLE_INTERVAL_MS = 5_000
/** Shares of the time after which Postgres is stopped. */
const RESTARTS_AT = [1 / 3, 2 / 3]
const SETTLE_TIMEOUT_MS = 5 * 60_000

/**
 * Orders, uploads and open pages for half an hour, while a worker is killed every minute and Postgres is stopped twice.
 * Compares what was accepted with what came of it, and reports how memory and the number of open files grow.
 */
export async function benchmarkSoak(): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-soak-'))
  const mail = await startMailCounter()
  const app = await startApp({
    LOG_LEVEL: 'error',
    MACHINE_DRIVER: 'fake',
    ...Object.fromEntries(
      ['COUNT', 'CPUS', 'MEMORY_MIB', 'DISK_MIB'].map((name) => [`MACHINE_QUOTA_${name}`, '1000000000']),
    ),
    SMTP_URL: mail.url,
    MAIL_RATE_PER_SECOND: '20',
  })
  const sockets: Socket[] = []
  let measurements: Measurement[]
  try {
    const user = await app.createUser('soak@example.com')
    const clip = await generateLongClip(dir, { seconds: 5, isWebSafe: false })
    for (let n = 0; n < WATCHERS; n++) sockets.push(openWatcher(app.url, user.key))
    const until = performance.now() + SECONDS * 1_000
    const accepted = { machines: new Set<string>(), videos: new Set<string>() }
    const samples: ProcessSample[] = []
    await Promise.all([
      every(ORDER_INTERVAL_MS, until, async () => accepted.machines.add(await orderMachine(user))),
      every(UPLOAD_INTERVAL_MS, until, async () => accepted.videos.add(await upload(user, clip))),
      every(KILL_INTERVAL_MS, until, () => killWorker(app), KILL_INTERVAL_MS),
      every(SAMPLE_INTERVAL_MS, until, async () => samples.push(...sampleProcesses(app))),
      ...RESTARTS_AT.map(async (share) => {
        await delay(SECONDS * share * 1_000)
        process.kill(app.readPostmasterPid(), 'SIGINT')
      }),
    ])
    const outcome = await compare({ app, mail, accepted })
    const growth = (['web', 'worker'] as const).flatMap((name): Measurement[] => {
      const own = samples.filter((sample) => sample.name === name)
      return [
        { name: `growth of the memory of ${name}`, value: growthPerHour(own, 'bytes') / 1e6, unit: 'MB/h' },
        {
          name: `growth of the open files of ${name}`,
          value: growthPerHour(own, 'handles'),
          unit: 'per hour',
        },
      ]
    })
    measurements = [...outcome, ...growth]
  } finally {
    for (const socket of sockets) socket.disconnect()
    await app.stop()
    await mail.stop()
    rmSync(dir, { recursive: true, force: true })
  }
  const left = findProcesses(`DATA_DIR=${app.dataDir}`).length
  return [...measurements, { name: 'processes left', value: left, unit: 'count', aim: '0' }]
}

/** Calls `work` at an interval until a time of `performance.now()`, one call at a time. */
async function every(intervalMs: number, until: number, work: () => Promise<unknown>, initialDelayMs = 0) {
  await delay(initialDelayMs)
  while (performance.now() < until) {
    const startedAt = performance.now()
    await work()
    await delay(Math.max(0, startedAt + intervalMs - performance.now()))
  }
}

/** Repeats a request until it is answered with success, like a client that loses connections. */
async function untilAccepted(send: () => Promise<Response>) {
  for (;;) {
    const response = await send().catch(() => null)
    if (response?.ok) return response
    if (response && response.status < 500 && response.status !== 429) throw new Error(await response.text())
    await delay(200)
  }
}

async function orderMachine(user: TestUser) {
  const headers = { 'idempotency-key': randomUUID() }
  const send = () => user.fetch('/api/v1/machines', { method: 'POST', body: '{}', headers })
  const { machine } = (await (await untilAccepted(send)).json()) as CreateMachineResponse
  return machine.id
}

async function upload(user: TestUser, clip: string) {
  const title = randomUUID()
  const send = async () => {
    // An earlier attempt whose answer was lost.
    const { videos } = await user.fetchJson<{ videos: VideoDto[] }>(`/api/v1/videos?search=${title}`)
    if (videos.length > 0) return Response.json({})
    const url = `/api/v1/videos?filename=${title}.mkv`
    return user.fetch(url, { method: 'POST', body: await openAsBlob(clip) })
  }
  await untilAccepted(send)
  return title
}

async function killWorker(app: App) {
  try {
    process.kill(app.findPid('worker.js'), 'SIGKILL')
  } catch {
    // It is being restarted.
  }
}

function openWatcher(url: string, key: string) {
  return io(url, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    extraHeaders: { authorization: `Bearer ${key}` },
    forceNew: true,
  })
}

function sampleProcesses(app: App) {
  return Object.entries({ web: 'server.js', worker: 'worker.js' }).flatMap(([name, script]) => {
    try {
      return [sampleProcess(name, app.findPid(script))]
    } catch {
      // It is being restarted.
      return []
    }
  })
}

interface Outcome {
  app: App
  mail: MailCounter
  accepted: { machines: ReadonlySet<string>; videos: ReadonlySet<string> }
}

/** Waits until everything is settled, and compares it with what was accepted. */
async function compare({ app, mail, accepted }: Outcome): Promise<Measurement[]> {
  const db = openDb({ url: readDatabaseUrl(app.dataDir)! })
  try {
    const readUnfinished = () => db.task.count({ where: { state: { in: ['queued', 'in_progress'] } } })
    const until = performance.now() + SETTLE_TIMEOUT_MS
    while ((await readUnfinished()) > 0 && performance.now() < until) await delay(500)
    const machines = await db.machine.findMany({ select: { id: true, state: true } })
    const videos = await db.video.findMany({ select: { id: true, title: true } })
    const transcodes = await db.task.findMany({ where: { kind: 'video.transcode', state: 'done' } })
    const transcoded = new Set(transcodes.map(({ subjectId }) => subjectId))
    const failed = await db.task.count({ where: { state: 'failed' } })
    const running = machines.filter(({ id, state }) => state === 'running' && accepted.machines.has(id))
    const done = videos.filter(({ id, title }) => accepted.videos.has(title) && transcoded.has(id))
    const mails = await db.mail.count({ where: { template: 'order' } })
    return [
      {
        name: `${accepted.machines.size} machines ordered, lost`,
        value: accepted.machines.size - running.length,
        unit: 'count',
        aim: '0',
      },
      { name: 'doubled', value: machines.length - accepted.machines.size, unit: 'count', aim: '0' },
      {
        name: `${accepted.videos.size} videos uploaded, lost`,
        value: accepted.videos.size - done.length,
        unit: 'count',
        aim: '0',
      },
      { name: 'doubled', value: videos.length - accepted.videos.size, unit: 'count', aim: '0' },
      {
        name: 'confirmations not queued once',
        value: Math.abs(mails - machines.length),
        unit: 'count',
        aim: '0',
      },
      { name: 'mails received', value: mail.arrivals.length, unit: 'count' },
      { name: 'tasks failed', value: failed, unit: 'count', aim: '0' },
      { name: 'tasks unfinished', value: await readUnfinished(), unit: 'count', aim: '0' },
    ]
  } finally {
    await db.$disconnect()
  }
}
