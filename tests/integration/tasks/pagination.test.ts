import { expect, it } from 'vitest'
import { cancelTask } from '@/lib/tasks/commands'
import { getTaskLog, listTasks } from '@/lib/tasks/queries'
import { listVideos } from '@/lib/videos/queries'
import { useQueueFixture } from '@/tests/support/queue-fixture'

const fixture = useQueueFixture()

it('a page continues after the last one even if its last task has changed or was deleted', async () => {
  const { db, boss } = fixture
  const ownerId = await fixture.createUserId()
  const asked = []
  for (let n = 0; n < 6; n++) asked.push(await fixture.enqueue(ownerId))
  const [oldest, second] = asked.map(({ id }) => id)
  const page = (cursor?: string) => listTasks(db, { ownerId, state: 'queued', limit: 2, cursor })
  const first = await page()
  await cancelTask({ db, boss, taskId: first.nextCursor!, ownerId })
  const next = await page(first.nextCursor!)
  expect(next.tasks.map(({ id }) => id)).toEqual([asked[3]!.id, asked[2]!.id])
  await db.task.delete({ where: { id: next.nextCursor! } })
  const last = await page(next.nextCursor!)
  expect(last).toMatchObject({ tasks: [{ id: second }, { id: oldest }], nextCursor: null })
})

it('a page of videos continues after a renamed video, and reports a deleted cursor', async () => {
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
  // By its name it stands before all films now.
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
