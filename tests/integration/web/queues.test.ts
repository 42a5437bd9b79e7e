import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readPausedQueues } from '@/lib/queues/pause'
import { updateMinuteStats, rollUpMinuteStats } from '@/lib/queues/minute-stats'
import { useDatabase } from '@/tests/support/database'
import type { TestUser } from '@/tests/support/accounts'
import { startWeb, type Web } from '@/tests/support/web'

const METRICS_TOKEN = 'a-token-that-prometheus-has'
const database = useDatabase()
let web: Web
let ada: TestUser
let eve: TestUser

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url, env: { METRICS_TOKEN } })
  ada = await web.createUser('ada@example.com', { isAdmin: true })
  eve = await web.createUser('eve@example.com')
})
afterAll(() => web.stop())

const postJson = (user: TestUser, at: string, body: object) =>
  user.fetch(`/api/v1/admin/${at}`, { method: 'POST', body: JSON.stringify(body) })
const queueName = 'video.inspect'

/** Inserts a completed and a failed task with one attempt each. */
async function insertPastTasks() {
  const { id: ownerId } = await database.db.user.findUniqueOrThrow({ where: { email: eve.email } })
  const common = { ownerId, kind: queueName, queue: queueName, payload: {}, maxAttempts: 3, attempts: 3 }
  for (const state of ['done', 'failed'] as const) {
    const error = { code: 'task.crashed', message: 'Something went wrong.' }
    const failed = { error, cause: 'the disk is full' }
    const { id } = await database.db.task.create({
      data: { ...common, state, finishedAt: new Date(), ...(state === 'failed' ? failed : {}) },
    })
    await database.db.taskAttempt.create({
      data: {
        taskId: id,
        claim: 1,
        attempt: 1,
        queue: queueName,
        workerId: 'a',
        waitSeconds: 0.02,
        endedAt: new Date(),
        outcome: state,
      },
    })
  }
}

it('serves metrics to Prometheus and administrators only, including all that the dashboard shows', async () => {
  await insertPastTasks()
  await updateMinuteStats(database.db)
  await updateMinuteStats(database.db)
  expect((await fetch(`${web.url}/api/metrics`)).status).toBe(401)
  expect((await eve.fetch('/api/metrics')).status).toBe(403)
  expect((await ada.fetch('/api/metrics')).status).toBe(200)
  const read = async () => {
    const headers = { authorization: `Bearer ${METRICS_TOKEN}` }
    return (await fetch(`${web.url}/api/metrics`, { headers })).text()
  }
  const text = await read()
  for (const line of [
    `meanwhile_queue_ended_total{queue="${queueName}",outcome="done"} 1`,
    `meanwhile_queue_ended_total{queue="${queueName}",outcome="failed"} 1`,
    `meanwhile_queue_wait_seconds_bucket{queue="${queueName}",le="0.01"} 0`,
    `meanwhile_queue_wait_seconds_bucket{queue="${queueName}",le="0.025"} 2`,
    `meanwhile_queue_wait_seconds_count{queue="${queueName}"} 2`,
    `meanwhile_dead_letters{kind="${queueName}"} 1`,
    'meanwhile_workers 0',
  ])
    expect(text.split('\n')).toContain(line)

  const dashboard = JSON.parse(readFileSync('docs/grafana/meanwhile.json', 'utf8')) as {
    panels: { targets: { expr: string }[] }[]
  }
  const shown = dashboard.panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) => expr.match(/\b(meanwhile|process|nodejs)_\w+/g) ?? []),
  )
  expect(new Set(shown).size).toBeGreaterThan(10)
  const served = new Set(text.split('\n').map((line) => line.split(/[{ ]/)[0]))
  expect(shown.filter((name) => !served.has(name))).toEqual([])

  // Counters stay monotonic when old minutes are rolled up.
  await database.db.$executeRaw`UPDATE queue_minute SET minute = minute - interval '8 days'`
  expect(await rollUpMinuteStats(database.db)).toBeGreaterThan(0)
  expect((await read()).split('\n')).toContain(`meanwhile_queue_wait_seconds_count{queue="${queueName}"} 2`)
})

it('lets only administrators pause queues, and keeps a pause across restarts', { tags: 'full' }, async () => {
  expect((await postJson(eve, 'queues/pause', { queue: queueName })).status).toBe(404)
  expect((await postJson(ada, 'queues/pause', { queue: queueName })).status).toBe(200)
  await web.crashAndRestart()
  expect(await readPausedQueues(database.db)).toEqual(new Set([queueName]))
  expect((await postJson(ada, 'queues/resume', { queue: queueName })).status).toBe(200)
  expect(await readPausedQueues(database.db)).toEqual(new Set())
})

it('lets only administrators redrive and discard dead letters and run schedules', async () => {
  const which = { kind: queueName, code: 'task.crashed', cause: 'the disk is full' }
  expect((await postJson(eve, 'dead-letters/redrive', { which })).status).toBe(404)
  expect((await postJson(ada, 'dead-letters/discard', { which, reason: ' ' })).status).toBe(400)
  const redriven = await postJson(ada, 'dead-letters/redrive', { which })
  expect(redriven.status).toBe(202)
  expect(await redriven.json()).toMatchObject({ state: 'trial', total: 1 })
  expect((await postJson(ada, 'dead-letters/redrive', { which })).status).toBe(404)
  expect((await postJson(ada, 'schedules/run', { name: 'uploads.expire' })).status).toBe(202)
  expect((await postJson(ada, 'schedules/run', { name: 'uploads.expire' })).status).toBe(409)
  expect((await postJson(ada, 'schedules/run', { name: 'nothing' })).status).toBe(400)
})

it('searches tasks by the label of their kind', async () => {
  const find = async (search: string) =>
    (
      (await (await eve.fetch(`/api/v1/tasks?search=${encodeURIComponent(search)}`)).json()) as {
        tasks: unknown[]
      }
    ).tasks
  expect(await find('Inspecting')).toHaveLength(2)
  expect(await find('no such label')).toEqual([])
})
