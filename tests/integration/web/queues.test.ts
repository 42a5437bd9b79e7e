import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pausedQueues } from '@/lib/queues/pause'
import { countMinutes, sumUpMinutes } from '@/lib/queues/minutes'
import { useDatabase } from '@/tests/support/database'
import { type Person, startWeb, type Web } from '@/tests/support/web'

const METRICS_TOKEN = 'a-token-that-prometheus-has'
const database = useDatabase()
let web: Web
let ada: Person
let eve: Person

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url, env: { METRICS_TOKEN } })
  ada = await web.person('ada@example.com', { isAdmin: true })
  eve = await web.person('eve@example.com')
})
afterAll(() => web.stop())

const post = (who: Person, at: string, body: object) =>
  who.ask(`/api/v1/admin/${at}`, { method: 'POST', body: JSON.stringify(body) })
const queue = 'video.inspect'

/** Done and failed tasks with what is written down about their attempts. */
async function pastTasks() {
  const { id: ownerId } = await database.db.user.findUniqueOrThrow({ where: { email: eve.email } })
  const common = { ownerId, kind: queue, queue, payload: {}, maxAttempts: 3, attempts: 3 }
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
        queue,
        workerId: 'a',
        waitSeconds: 0.02,
        endedAt: new Date(),
        outcome: state,
      },
    })
  }
}

it('metrics are told to Prometheus and administrators only, and have all that the dashboard shows', async () => {
  await pastTasks()
  await countMinutes(database.db)
  await countMinutes(database.db)
  expect((await fetch(`${web.url}/api/metrics`)).status).toBe(401)
  expect((await eve.ask('/api/metrics')).status).toBe(403)
  expect((await ada.ask('/api/metrics')).status).toBe(200)
  const read = async () => {
    const headers = { authorization: `Bearer ${METRICS_TOKEN}` }
    return (await fetch(`${web.url}/api/metrics`, { headers })).text()
  }
  const text = await read()
  for (const line of [
    `meanwhile_queue_ended_total{queue="${queue}",outcome="done"} 1`,
    `meanwhile_queue_ended_total{queue="${queue}",outcome="failed"} 1`,
    `meanwhile_queue_wait_seconds_bucket{queue="${queue}",le="0.01"} 0`,
    `meanwhile_queue_wait_seconds_bucket{queue="${queue}",le="0.025"} 2`,
    `meanwhile_queue_wait_seconds_count{queue="${queue}"} 2`,
    `meanwhile_dead_letters{kind="${queue}"} 1`,
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
  const told = new Set(text.split('\n').map((line) => line.split(/[{ ]/)[0]))
  expect(shown.filter((name) => !told.has(name))).toEqual([])

  // Counters go on when old minutes are summed up.
  await database.db.$executeRaw`UPDATE queue_minute SET minute = minute - interval '8 days'`
  expect(await sumUpMinutes(database.db)).toBeGreaterThan(0)
  expect((await read()).split('\n')).toContain(`meanwhile_queue_wait_seconds_count{queue="${queue}"} 2`)
})

it('only administrators pause queues, and a pause outlives the process', async () => {
  expect((await post(eve, 'queues/pause', { queue })).status).toBe(404)
  expect((await post(ada, 'queues/pause', { queue })).status).toBe(200)
  await web.crash()
  expect(await pausedQueues(database.db)).toEqual(new Set([queue]))
  expect((await post(ada, 'queues/resume', { queue })).status).toBe(200)
  expect(await pausedQueues(database.db)).toEqual(new Set())
})

it('dead letters are redriven and put away, schedules started, by administrators', async () => {
  const which = { kind: queue, code: 'task.crashed', cause: 'the disk is full' }
  expect((await post(eve, 'dead-letters/redrive', { which })).status).toBe(404)
  expect((await post(ada, 'dead-letters/discard', { which, reason: ' ' })).status).toBe(400)
  const redriven = await post(ada, 'dead-letters/redrive', { which })
  expect(redriven.status).toBe(202)
  expect(await redriven.json()).toMatchObject({ state: 'trial', total: 1 })
  expect((await post(ada, 'dead-letters/redrive', { which })).status).toBe(404)
  expect((await post(ada, 'schedules/run', { name: 'uploads.expire' })).status).toBe(202)
  expect((await post(ada, 'schedules/run', { name: 'uploads.expire' })).status).toBe(409)
  expect((await post(ada, 'schedules/run', { name: 'nothing' })).status).toBe(400)
})

it('tasks are searched by what they are about', async () => {
  const find = async (search: string) =>
    (
      (await (await eve.ask(`/api/v1/tasks?search=${encodeURIComponent(search)}`)).json()) as {
        tasks: unknown[]
      }
    ).tasks
  expect(await find('Reading the file')).toHaveLength(2)
  expect(await find('nothing like it')).toEqual([])
})
