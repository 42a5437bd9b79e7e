import { existsSync, mkdirSync, openAsBlob, rmdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { TaskDto } from '@/lib/tasks/schema'
import { transcodeChunkTask, transcodeStartTask, transcodeVideoTask } from '@/lib/videos/tasks'
import type { TestUser } from '@/tests/support/accounts'
import { type Cluster, startCluster } from '@/tests/support/cluster/start-cluster'
import { generateLongClip } from './generate-clips'
import { median, type Measurement } from './measurement'

/** 24 chunks of usual length. BENCH_SECONDS overrides it. */
const SECONDS = Number(process.env.BENCH_SECONDS || 24 * 28)
const WORKER_COUNTS = [1, 2, 4]
/** CPUs of each worker: all of them leave a fifth of this computer to database, storage and web. */
const CPUS_PER_WORKER = Math.min(0.5, (0.8 * availableParallelism()) / Math.max(...WORKER_COUNTS))
const PERIOD_US = 100_000

/** Measures one video on several computers, each of which has part of a CPU. */
export async function benchmarkCluster(): Promise<Measurement[]> {
  const quota = createQuota()
  const cluster = quota && (await startCluster())
  if (!cluster) return []
  try {
    const web = await cluster.startWeb('web')
    const user = await web.createUser('bench@example.com')
    const clip = await generateLongClip(cluster.network.sharedDir, { seconds: SECONDS, isWebSafe: true })
    const runs: Awaited<ReturnType<typeof measureRun>>[] = []
    for (const count of WORKER_COUNTS) runs.push(await measureRun(cluster, { user, clip, count, quota }))
    const [single] = runs
    return [
      { name: `chunks of ${SECONDS} s of 1080p`, value: single!.chunks, unit: 'count' },
      ...runs.map(({ count, seconds }): Measurement => ({
        name: `wall time with ${count} workers of ${CPUS_PER_WORKER} CPUs`,
        value: seconds,
        unit: 's',
      })),
      ...runs.slice(1).map(({ count, seconds }): Measurement => ({
        name: `efficiency of ${count} workers`,
        value: single!.seconds / (count * seconds),
        unit: 'ratio',
        aim: '≥ 0.90',
      })),
      { name: 'pause of a worker between two chunks', value: single!.pauseMs, unit: 'ms', aim: '≤ 100' },
      {
        name: 'seconds of 1080p video per CPU second',
        value: SECONDS / (single!.seconds * CPUS_PER_WORKER),
        unit: 'ratio',
      },
      { name: 'database connections of a web process', value: single!.webConnections, unit: 'count' },
      { name: 'database connections of a worker', value: single!.workerConnections, unit: 'count' },
    ]
  } finally {
    await cluster.stop()
    quota.remove()
  }
}

interface RunOptions {
  user: TestUser
  clip: string
  count: number
  quota: { cgroup: (name: string) => string }
}

async function measureRun(cluster: Cluster, { user, clip, count, quota }: RunOptions) {
  const names = Array.from({ length: count }, (_, n) => `worker-${count}-${n + 1}`)
  const workers = []
  for (const name of names)
    workers.push(
      await cluster.startWorker(
        name,
        { WORKER_QUEUES: 'video', MEDIA_THREADS: '1', LOG_LEVEL: 'info' },
        quota.cgroup(name),
      ),
    )
  const { video } = await user.fetchJson<{ video: { id: string } }>('/api/v1/videos?filename=clip.mp4', {
    method: 'POST',
    body: await openAsBlob(clip),
  })
  const isDone = async () => {
    const { tasks } = await user.fetchJson<{ tasks: TaskDto[] }>(`/api/v1/tasks?videoId=${video.id}`)
    const failed = tasks.find(({ state }) => state === 'failed')
    if (failed) throw new Error(`${failed.kind} failed: ${JSON.stringify(failed.error)}`)
    return tasks.every(({ state, kind }) => state === 'done' || !kind.startsWith('video.'))
  }
  let connections = await countConnections(cluster)
  while (!(await isDone())) {
    connections = maximum(connections, await countConnections(cluster))
    await delay(500)
  }
  const attempts = await cluster.db.taskAttempt.findMany({
    where: { task: { videoId: video.id } },
    select: { workerId: true, startedAt: true, endedAt: true, task: { select: { kind: true } } },
    orderBy: { startedAt: 'asc' },
  })
  const ofKinds = (...kinds: { name: string }[]) =>
    attempts.filter(({ task }) => kinds.some(({ name }) => name === task.kind))
  // From the inspection to the last segment.
  const startedAt = attempts[0]!.startedAt.getTime()
  const endedAt = ofKinds(transcodeVideoTask).at(-1)!.endedAt!.getTime()
  for (const { host } of workers) await host.end()
  return {
    count,
    chunks: ofKinds(transcodeStartTask, transcodeChunkTask).length,
    seconds: (endedAt - startedAt) / 1000,
    pauseMs: median(listPausesMs(ofKinds(transcodeChunkTask))),
    webConnections: connections.web,
    workerConnections: connections.worker,
  }
}

/** The times from the end of a chunk to the start of the next one on the same worker. */
function listPausesMs(attempts: { workerId: string; startedAt: Date; endedAt: Date | null }[]) {
  const byWorker = Object.values(Object.groupBy(attempts, ({ workerId }) => workerId))
  return byWorker.flatMap((own) =>
    own!.slice(1).map(({ startedAt }, n) => startedAt.getTime() - own![n]!.endedAt!.getTime()),
  )
}

/** Connections to the database by role: the most of one host. */
async function countConnections({ db, network }: Cluster) {
  const rows = await db.$queryRaw<{ address: string; count: number }[]>`
    SELECT host(client_addr) AS address, count(*)::int AS count FROM pg_stat_activity
    WHERE client_addr IS NOT NULL GROUP BY 1`
  const counts = { web: 0, worker: 0 }
  for (const { address, count } of rows) {
    const name = network.nameOf(address)
    const role = name === 'web' ? 'web' : name?.startsWith('worker') ? 'worker' : null
    if (role) counts[role] = Math.max(counts[role], count)
  }
  return counts
}

const maximum = <T extends Record<string, number>>(a: T, b: T) =>
  Object.fromEntries(Object.entries(a).map(([name, value]) => [name, Math.max(value, b[name]!)])) as T

/** Creates cgroups that limit CPU time, of version 2 or 1. Returns null, with a line, where this is impossible. */
function createQuota() {
  const isVersion1 = existsSync('/sys/fs/cgroup/cpu/cpu.cfs_quota_us')
  const root = isVersion1 ? '/sys/fs/cgroup/cpu' : '/sys/fs/cgroup'
  const created: string[] = []
  const quotaUs = Math.round(CPUS_PER_WORKER * PERIOD_US)
  try {
    const parent = path.join(root, `meanwhile-bench-${process.pid}`)
    mkdirSync(parent)
    created.push(parent)
    if (!isVersion1) writeFileSync(path.join(parent, 'cgroup.subtree_control'), '+cpu')
  } catch (error) {
    process.stdout.write(`The benchmark of several computers is skipped: ${(error as Error).message}.\n`)
    return null
  }
  return {
    cgroup(name: string) {
      const dir = path.join(created[0]!, name)
      mkdirSync(dir)
      created.push(dir)
      if (isVersion1) writeFileSync(path.join(dir, 'cpu.cfs_quota_us'), String(quotaUs))
      else writeFileSync(path.join(dir, 'cpu.max'), `${quotaUs} ${PERIOD_US}`)
      return dir
    },
    remove: () => created.toReversed().forEach((dir) => rmdirSync(dir)),
  }
}
