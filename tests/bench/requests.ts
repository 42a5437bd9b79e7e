import { randomUUID } from 'node:crypto'
import { openDb } from '@/lib/database/db'
import { readDatabaseUrl } from '@/scripts/database-url'
import type { startApp } from '@/tests/support/app'
import { startBareNext } from './bare-next'
import { insertTask } from './insert-task'
import { withCpuProfile } from './cpu-profile'
import { createKeepAliveClient } from './keep-alive-client'
import { median, type Measurement } from './measurement'

const CONNECTIONS = 32
const SECONDS = 5
const ROUNDS = 3
const VIDEOS = 60

interface Options {
  app: Awaited<ReturnType<typeof startApp>>
  url: string
  key: string
  email: string
}

/**
 * Answers per second to 32 keep-alive connections of a client on the same computer. Next.js without anything of this app is
 * measured in turns: a route handler with the query of a task, and a page with one paragraph.
 */
export async function benchmarkRequests(options: Options): Promise<Measurement[]> {
  const { url, key } = options
  const databaseUrl = readDatabaseUrl(options.app.dataDir)!
  const taskId = await insertRows(databaseUrl, options.email)
  const bare = await startBareNext(databaseUrl)
  const pid = options.app.findPid('dist/server.js')
  const compare = async ({ path, as, barePath }: { path: string; as?: string; barePath: string }) => {
    const pairs = []
    // Taking turns, so that both meet the same computer.
    for (let n = 0; n < ROUNDS; n++)
      pairs.push({
        own: await withCpuProfile({ title: path, pid }, () => measureRate({ url, path, key: as })),
        bare: await measureRate({ url: bare.url, path: barePath }),
      })
    return {
      own: median(pairs.map((pair) => pair.own)),
      bare: median(pairs.map((pair) => pair.bare)),
      ratio: median(pairs.map((pair) => pair.bare / pair.own)),
    }
  }
  try {
    const routeAt = { as: key, barePath: `/task/${taskId}` }
    const task = await compare({ path: `/api/v1/tasks/${taskId}`, ...routeAt })
    const videos = await compare({ path: '/api/v1/videos', ...routeAt })
    const page = await compare({ path: '/sign-in', barePath: '/' })
    const rate = (name: string, value: number, aim?: string): Measurement => ({
      name,
      value,
      unit: 'per second',
      aim,
    })
    return [
      rate('one task', task.own, '≥ 2000'),
      rate('bare Next.js route, same query', task.bare),
      { name: 'bare route / one task', value: task.ratio, unit: 'ratio', aim: '≤ 1.3' },
      rate('list of videos', videos.own, '≥ 1000'),
      rate('sign-in page', page.own, '≥ 800'),
      rate('bare Next.js page', page.bare),
    ]
  } finally {
    await bare.stop()
  }
}

async function insertRows(databaseUrl: string, email: string) {
  const db = openDb({ url: databaseUrl })
  try {
    const { id: ownerId } = await db.user.findUniqueOrThrow({ where: { email } })
    await db.video.createMany({
      data: Array.from({ length: VIDEOS }, (_, n) => ({
        ownerId,
        title: `Video ${n}`,
        filename: `${n}.mp4`,
        sizeBytes: 1_000_000,
        sha256: '',
        sourceKey: randomUUID(),
      })),
    })
    return await insertTask(db, ownerId, { state: 'done', progress: 1 })
  } finally {
    await db.$disconnect()
  }
}

/** Answers per second. */
async function measureRate({ path, ...server }: { url: string; path: string; key?: string }) {
  const client = createKeepAliveClient({ ...server, connections: CONNECTIONS })
  const startedAt = performance.now()
  const seconds = () => (performance.now() - startedAt) / 1000
  let answers = 0
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (seconds() < SECONDS) {
        const { status, body } = await client.get(path)
        if (status !== 200) throw new Error(`${path} returned ${status}: ${body}`)
        answers++
      }
    }),
  )
  client.close()
  return answers / seconds()
}
