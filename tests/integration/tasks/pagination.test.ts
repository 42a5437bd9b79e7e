import { expect, it } from 'vitest'
import { cancelTask } from '@/lib/tasks/commands'
import { getTaskLog, listTasks } from '@/lib/tasks/queries'
import { listVideos } from '@/lib/videos/queries'
import { useQueueFixture } from '@/tests/support/queue-fixture'

const fixture = useQueueFixture()

it('continues a list after the last page even if the last task of that has changed or was deleted', async () => {
  const { db, boss } = fixture
  const ownerId = await fixture.createUserId()
  const tasks = []
  for (let n = 0; n < 6; n++) tasks.push(await fixture.enqueue({ ownerId }))
  const [oldest, second] = tasks.map(({ id }) => id)
  const page = (cursor?: string) => listTasks(db, { ownerId, state: 'queued', limit: 2, cursor })
  const first = await page()
  await cancelTask({ db, boss, taskId: first.nextCursor!, ownerId })
  const next = await page(first.nextCursor!)
  expect(next.tasks.map(({ id }) => id)).toEqual([tasks[3]!.id, tasks[2]!.id])
  await db.task.delete({ where: { id: next.nextCursor! } })
  const last = await page(next.nextCursor!)
  expect(last).toMatchObject({ tasks: [{ id: second }, { id: oldest }], nextCursor: null })
})

it('continues a list of videos after a renamed video, and reports a deleted cursor', async () => {
  const { db } = fixture
  const ownerId = await fixture.createUserId()
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    await db.video.create({
      data: { ownerId, title: `film ${name}`, filename: 'f', sizeBytes: 1, sha256: '', sourceKey: '' },
    })
  const page = (cursor?: string) =>
    listVideos(db, { ownerId, search: 'film', sort: 'title', limit: 2, cursor })
  const { nextCursor } = await page()
  const id = nextCursor!
  await db.video.update({ where: { id }, data: { title: 'bravo' } })
  // Its new title sorts before all others.
  expect((await page(id)).videos.map(({ title }) => title)).toEqual(['film a', 'film c'])
  await db.video.delete({ where: { id } })
  await expect(page(id)).rejects.toMatchObject({ code: 'videos.cursor_gone', status: 400 })
})

it('returns the end of a long log', async () => {
  const { db, ownerId } = fixture
  const task = await fixture.enqueue()
  const data = Array.from({ length: 5_010 }, (_, n) => ({
    taskId: task.id,
    attempt: 1,
    level: 'info',
    message: `line ${n}`,
  }))
  await db.taskLogLine.createMany({ data })
  const log = await getTaskLog(db, { id: task.id, ownerId })
  expect([log[0]!.message, log.at(-1)!.message]).toEqual(['line 10', 'line 5009'])
})
