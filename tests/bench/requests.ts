import { randomUUID } from 'node:crypto'
import { openDb } from '@/lib/database/db'
import { readDatabaseUrl } from '@/scripts/database-url'
import type { startApp } from '@/tests/support/app'
import { startBareNext } from './bare-next'
import { insertTask } from './insert-task'
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
 * Answers per second to 32 keep-alive connections of a client on the same computer, and of a bare Next.js route handler
 * with the query of a task.
 */
export async function benchmarkRequests(options: Options): Promise<Measurement[]> {
  const databaseUrl = readDatabaseUrl(options.app.dataDir)!
  const taskId = await insertRows(databaseUrl, options.email)
  const bare = await startBareNext(databaseUrl)
  try {
    const { url, key } = options
    const bareAt = { url: bare.url, path: `/task/${taskId}` }
    const taskAt = { url, key, path: `/api/v1/tasks/${taskId}` }
    const pairs = []
    // Taking turns, so that both meet the same computer.
    for (let n = 0; n < ROUNDS; n++)
      pairs.push({ task: await measureRate(taskAt), bare: await measureRate(bareAt) })
    const rate = async (path: string, as?: string) => {
      const rates = []
      for (let n = 0; n < ROUNDS; n++) rates.push(await measureRate({ url, key: as, path }))
      return median(rates)
    }
    return [
      {
        name: 'one task',
        value: median(pairs.map(({ task }) => task)),
        unit: 'per second',
        aim: '≥ 2000',
      },
      {
        name: 'bare Next.js route, same query',
        value: median(pairs.map((pair) => pair.bare)),
        unit: 'per second',
      },
      {
        name: 'bare route / one task',
        value: median(pairs.map((pair) => pair.bare / pair.task)),
        unit: 'ratio',
        aim: '≤ 1.3',
      },
      {
        name: 'list of videos',
        value: await rate('/api/v1/videos', key),
        unit: 'per second',
        aim: '≥ 1000',
      },
      { name: 'sign-in page', value: await rate('/sign-in'), unit: 'per second', aim: '≥ 800' },
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
