import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cancelTask } from '@/lib/tasks/commands'
import { reconcileTasks } from '@/lib/tasks/reconcile'
import { taskTransitions } from '@/lib/tasks/state'
import { transitionTask } from '@/lib/tasks/transition'
import { useQueueFixture } from '@/tests/support/queue-fixture'
import { claimTask } from '@/worker/runtime/claim'

const fixture = useQueueFixture()

it('the diagram in docs/architecture.md shows exactly the allowed transitions', () => {
  const page = readFileSync('docs/architecture.md', 'utf8')
  const [, section] = page.split('\n## Task states\n')
  const [, diagram] = /```mermaid\n([\s\S]*?)```/.exec(section!)!
  const drawn = [...diagram!.matchAll(/^ *(\w+) --> (\w+)/gm)].map(([, from, to]) => `${from} → ${to}`)
  const allowed = Object.entries(taskTransitions).flatMap(([from, all]) => all.map((to) => `${from} → ${to}`))
  expect(drawn.toSorted()).toEqual(allowed.toSorted())
})

/** Source lines that set the state of a task by hand. */
function findStateWrites(source: string) {
  const calls = source.matchAll(
    /\.task\.(?:update|updateMany|updateManyAndReturn|upsert|create|createMany)\(([\s\S]*?)\n?\s*\}\)/g,
  )
  const inCalls = [...calls].filter(([, options]) => /data:[\s\S]*?\bstate\b\s*[:,}]/.test(options!))
  const inSql = [...source.matchAll(/UPDATE "?task"?\s+SET[^`]*?\bstate = /g)]
  return [...inCalls, ...inSql].map(([text]) => text)
}

it('no module but transition.ts writes the state of a task', () => {
  for (const file of globSync('{app,lib,worker,scripts}/**/*.{ts,tsx}', {
    exclude: ['lib/generated/**', '**/*.test.ts', 'lib/tasks/transition.ts'],
  }))
    expect(findStateWrites(readFileSync(file, 'utf8')), file).toEqual([])
})

it.each([
  `await tx.task.update({ where: { id }, data: { state: 'failed' } })`,
  `await tx.task.updateMany({\n  where: { id },\n  data: { stage: null, state },\n})`,
  "await db.$executeRaw`UPDATE task SET claim = 1, state = 'done' WHERE id = 1`",
])('finds a planted write of a task state: %s', (source) => {
  expect(findStateWrites(source)).toHaveLength(1)
})

describe('an ended task', () => {
  const detail = {
    speed: 2,
    renditions: [
      { name: '360p', state: 'done', progress: 1 },
      { name: '720p', state: 'in_progress', progress: 0.99 },
    ],
    stages: [{ name: 'Booting', seconds: null }],
  }
  async function claimNew() {
    const task = await fixture.enqueue()
    const claimed = await claimTask(fixture.db, { taskId: task.id, jobId: task.jobId! })
    await fixture.db.task.update({
      where: { id: task.id },
      data: { stage: 'Transcoding', etaSeconds: 12, progress: 0.99, detail },
    })
    return claimed!
  }
  const readAttempt = (taskId: string) => fixture.db.taskAttempt.findFirst({ where: { taskId } })
  const expectSettled = async (taskId: string, state: string) => {
    const task = await fixture.readTask(taskId)
    expect(task).toMatchObject({ state, stage: null, etaSeconds: null, finishedAt: expect.any(Date) })
    expect(task.detail).toEqual({
      renditions: [detail.renditions[0], { name: '720p', state, progress: state === 'done' ? 1 : 0.99 }],
      stages: [],
    })
  }

  it.each(['done', 'failed'] as const)('shows no progress once %s', async (to) => {
    const { id } = await claimNew()
    await fixture.db.$transaction((tx) => transitionTask(tx, { where: { id }, to }))
    await expectSettled(id, to)
  })

  it('shows no progress and has no open attempt once canceled', async () => {
    const { id } = await claimNew()
    await cancelTask({ db: fixture.db, boss: fixture.boss, taskId: id, ownerId: fixture.ownerId })
    await expectSettled(id, 'canceled')
    expect(await readAttempt(id)).toMatchObject({ outcome: 'canceled', endedAt: expect.any(Date) })
  })

  it('shows no progress and has no open attempt once its workers died too often', async () => {
    const { id, jobId } = await claimNew()
    await fixture.db.$executeRaw`UPDATE pgboss.job SET state = 'failed' WHERE id = ${jobId}::uuid`
    await reconcileTasks({ db: fixture.db, boss: fixture.boss })
    await expectSettled(id, 'failed')
    expect(await readAttempt(id)).toMatchObject({ outcome: 'died', endedAt: expect.any(Date) })
  })

  it('stays ended', async () => {
    const { id } = await claimNew()
    const move = (to: 'done' | 'failed' | 'queued') =>
      fixture.db.$transaction((tx) => transitionTask(tx, { where: { id }, to }))
    expect(await move('done')).toMatchObject({ state: 'done' })
    expect([await move('failed'), await move('queued')]).toEqual([null, null])
  })
})
