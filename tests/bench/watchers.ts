import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { io, type Socket } from 'socket.io-client'
import { openDb } from '@/lib/database/db'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import type { TaskDto } from '@/lib/tasks/schema'
import { readDatabaseUrl } from '@/scripts/database-url'
import { startApp } from '@/tests/support/app'
import { updateClaimedTask } from '@/worker/runtime/claim'
import { insertTask } from './insert-task'
import { quantile, type Measurement } from './measurement'
import { readMemory } from './process-growth'

const USERS = 20
/** As many as one user may open. */
const SOCKETS_PER_USER = 100
const SECONDS = 20
/** Sockets that connect at once: a client address may have 50 that are not authenticated yet. */
const CONNECTING = 40
/** The unit of CPU times in /proc/PID/stat. */
const TICKS_PER_SECOND = 100

/** Two thousand open pages, each of which receives the progress of a task once per second, on one web process. */
export async function benchmarkWatchers(): Promise<Measurement[]> {
  const app = await startApp({ LOG_LEVEL: 'warn', CONNECTIONS_PER_ADDRESS: '100000' })
  const db = openDb({ url: readDatabaseUrl(app.dataDir)! })
  const sockets: Socket[] = []
  try {
    const pid = app.findPid('server.js')
    const watched = []
    for (let n = 0; n < USERS; n++) {
      const { key, email } = await app.createUser(`watcher-${n}@example.com`)
      const { id: ownerId } = await db.user.findUniqueOrThrow({ where: { email } })
      watched.push({ key, taskId: await insertTask(db, ownerId) })
    }
    const waits: number[] = []
    const writtenAt = new Map<string, number>()
    const onTask = ({ id, stage }: TaskDto) => {
      const at = writtenAt.get(`${id} ${stage}`)
      if (at !== undefined) waits.push(performance.now() - at)
    }
    const before = readProcess(pid)
    const keys = watched.flatMap(({ key }) => Array.from({ length: SOCKETS_PER_USER }, () => key))
    for (let n = 0; n < keys.length; n += CONNECTING)
      sockets.push(
        ...(await Promise.all(keys.slice(n, n + CONNECTING).map((key) => connect(app.url, key, onTask)))),
      )
    // Until the work of connecting is over.
    await delay(2_000)
    const connected = readProcess(pid)
    for (let second = 0; second < SECONDS; second++)
      await Promise.all([
        delay(1_000),
        ...watched.map(async ({ taskId }, n) => {
          await delay((n * 1_000) / USERS)
          const stage = `step ${second}`
          writtenAt.set(`${taskId} ${stage}`, performance.now())
          await updateClaimedTask(db, { taskId, claim: 0 }, { stage, progress: second / SECONDS })
        }),
      ])
    const after = readProcess(pid)
    await delay(1_000)
    const count = sockets.length
    return [
      { name: `progress write → ${count} sockets, p50`, value: quantile(waits, 0.5), unit: 'ms' },
      { name: 'p99', value: quantile(waits, 0.99), unit: 'ms', aim: '≤ 300' },
      { name: 'updates missed', value: count * SECONDS - waits.length, unit: 'count', aim: '0' },
      {
        name: 'CPU of the web process',
        value: (after.cpuSeconds - connected.cpuSeconds) / SECONDS,
        unit: 'cores',
        aim: '≤ 1',
      },
      {
        name: 'memory per socket',
        value: (connected.residentBytes - before.residentBytes) / count / 1_000,
        unit: 'kB',
        aim: '≤ 60',
      },
    ]
  } finally {
    for (const socket of sockets) socket.disconnect()
    await db.$disconnect()
    await app.stop()
  }
}

function connect(url: string, key: string, onTask: (task: TaskDto) => void) {
  const socket = io(url, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    extraHeaders: { authorization: `Bearer ${key}` },
    forceNew: true,
    reconnection: false,
  })
  socket.on('task', onTask)
  return new Promise<Socket>((resolve, reject) => {
    socket.once('connect', () => resolve(socket))
    socket.once('connect_error', reject)
  })
}

/** CPU time and memory of a process on Linux. */
function readProcess(pid: number) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return {
    cpuSeconds: (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND,
    residentBytes: readMemory(pid),
  }
}
