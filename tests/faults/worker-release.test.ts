import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { z } from 'zod'
import type { processListSchema } from '@/lib/cluster/schema'
import { listMigrations } from '@/lib/database/migration-names'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { enqueueTask } from '@/lib/tasks/enqueue'
import type { TaskDto } from '@/lib/tasks/schema'
import type { TestUser } from '@/tests/support/accounts'
import { useQueueFixture } from '@/tests/support/queue-fixture'
import { runScript } from '@/tests/support/run-script'
import { startWeb, startWorker, type Web } from '@/tests/support/web'

const fixture = useQueueFixture()
const NEWER = '99991231235959_newer'
let web: Web
let ada: TestUser

beforeAll(async () => {
  web = await startWeb({ databaseUrl: fixture.database.url })
  ada = await web.createUser('ada@example.com', { isAdmin: true })
})
afterAll(() => web.stop())
const workers: Awaited<ReturnType<typeof startWorker>>[] = []
/** Starts a worker that ends with the test at the latest. */
async function startTestWorker(env?: Record<string, string>) {
  const worker = await startWorker(web, env)
  workers.push(worker)
  return worker
}
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop('SIGTERM')
  await fixture.db.$executeRaw`DELETE FROM _prisma_migrations WHERE migration_name = ${NEWER}`
})

const addMigration = (name: string) => fixture.db.$executeRaw`
  INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES (${name}, '', ${name}, now())`

/** Runs a worker until it exits. */
async function runWorker(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['dist/worker.js'], {
    env: { ...web.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, errors }
}

const readProcesses = async () =>
  (await ada.fetchJson<z.infer<typeof processListSchema>>('/api/v1/admin/processes')).processes
const readWorkers = async () => (await readProcesses()).filter(({ role }) => role === 'worker')

async function enqueueInspection() {
  const { id: ownerId } = await fixture.db.user.findUniqueOrThrow({ where: { email: ada.email } })
  const payload = { videoId: '00000000-0000-4000-8000-000000000000' }
  return fixture.db.$transaction((tx) =>
    enqueueTask(tx, fixture.boss, { kind: inspectVideoTask, payload, ownerId }),
  )
}
const readTask = (id: string) => ada.fetchJson<TaskDto>(`/api/v1/tasks/${id}`)

it('refuses to start a worker that is newer than the database', async () => {
  const newest = listMigrations().at(-1)!
  await fixture.db.$executeRaw`DELETE FROM _prisma_migrations WHERE migration_name = ${newest}`
  const { code, errors } = await runWorker()
  await addMigration(newest)
  expect([code, errors]).toEqual([
    1,
    expect.stringContaining(`it lacks the migration ${newest}. Run npm run migrate.`),
  ])
})

it('refuses unknown names in WORKER_QUEUES', async () => {
  const { code, errors } = await runWorker({ WORKER_QUEUES: 'vidoe' })
  expect([code, errors]).toEqual([1, expect.stringContaining('WORKER_QUEUES: vidoe: not a domain or kind')])
})

it('reports a task as waiting for a worker until one takes its queue', async () => {
  const mail = await startTestWorker({ WORKER_QUEUES: 'email' })
  const task = await enqueueInspection()
  expect((await readWorkers()).map(({ queues }) => queues)).toEqual([['email.send', 'email.urgent']])
  expect(await readTask(task.id)).toMatchObject({ state: 'queued', hasWorker: false })
  const health = await ada.fetchJson<{ warnings: string[] }>('/api/health')
  expect(health.warnings).toContain('queue: video.inspect')
  expect(await (await ada.fetch('/admin/queues')).text()).toContain('No worker takes this queue')
  const video = await startTestWorker({ WORKER_QUEUES: '-email' })
  // There is no such video.
  await expect.poll(async () => (await readTask(task.id)).attempts, { timeout: 20_000 }).toBeGreaterThan(0)
  await video.stop('SIGTERM')
  await mail.stop('SIGTERM')
  await expect.poll(readWorkers).toEqual([])
})

it('drains a worker when a newer migration is applied, also one that starts afterwards, and says so', async () => {
  const first = await startTestWorker()
  await addMigration(NEWER)
  const reasons = async () =>
    (await readWorkers()).map(({ drainReason, queues }) => ({ drainReason, queues }))
  const drained = { drainReason: expect.stringContaining(NEWER), queues: [] }
  await expect.poll(reasons).toEqual([drained])
  await first.stop('SIGTERM')
  const second = spawn(process.execPath, ['dist/worker.js'], { env: web.env, stdio: 'ignore' })
  workers.push({
    pid: second.pid!,
    async stop() {
      const exited = once(second, 'exit')
      second.kill('SIGTERM')
      await exited
    },
  })
  await expect.poll(reasons, { timeout: 20_000 }).toEqual([drained])
  const task = await enqueueInspection()
  expect(await readTask(task.id)).toMatchObject({ state: 'queued', hasWorker: false, attempts: 0 })
  const health = await ada.fetch('/api/health')
  expect([health.status, await health.json()]).toMatchObject([503, { missing: ['worker: draining'] }])
  expect(await (await ada.fetch('/admin')).text()).toContain('The database is newer than this process')
  const { output, status } = await runScript(['scripts/doctor.mjs', '--cluster'], {
    ...(web.env as Record<string, string>),
  })
  expect(output).toMatch(new RegExp(`missing +worker ${second.pid} .*newer than this process`))
  expect(output).toMatch(/missing +web \d+ .*newer than this process.*storage reachable; Clock exact/)
  expect(status).toBe(1)
})

it('takes no tasks that need files while its storage is not that of the web process', async () => {
  const worker = await startTestWorker({ DATA_DIR: `${web.dataDir}/other` })
  const [row] = await readWorkers()
  expect(row).toMatchObject({ storageProblem: expect.stringContaining('not that of the web process') })
  expect(row!.queues!.filter((queue) => queue.startsWith('video.'))).toEqual([])
  expect(row!.queues).toContain('email.send')
  await worker.stop('SIGTERM')
})
