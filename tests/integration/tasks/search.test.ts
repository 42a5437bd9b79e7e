import { beforeAll, expect, it } from 'vitest'
import { listAuditEntries } from '@/lib/audit/queries'
import { searchTasks } from '@/lib/queues/search'
import { listTasks } from '@/lib/tasks/queries'
import { useQueueFixture } from '@/tests/support/queue-fixture'

const fixture = useQueueFixture()
/** Of the oldest of more videos than a search could list. */
let oldest: string
let failed: string

beforeAll(async () => {
  const { db, ownerId } = fixture
  oldest = (await fixture.enqueue()).id
  failed = (await fixture.enqueue()).id
  const [video] = await db.$queryRaw<{ id: string }[]>`
    WITH created AS (
      INSERT INTO video (id, "ownerId", title, filename, "sizeBytes", "sourceKey")
      SELECT uuidv7(), ${ownerId}, 'Harbour ' || n, 'film.mp4', 1, '' FROM generate_series(1, 6000) AS n
      RETURNING id
    ) SELECT id FROM created ORDER BY id LIMIT 1`
  await db.task.update({ where: { id: oldest }, data: { subjectType: 'video', subjectId: video!.id } })
  await db.task.update({ where: { id: failed }, data: { subjectId: null, subjectType: null } })
})

/** What its owner and an administrator find. */
async function find(search: string) {
  const { db, ownerId } = fixture
  const { tasks } = await listTasks(db, { ownerId, search })
  const all = await searchTasks(db, { search, kind: '', state: '' })
  expect(all.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id))
  return tasks.map(({ id }) => id)
}

it('finds the task of the oldest of all videos that match, ignoring case', async () => {
  expect(await find('harbour')).toEqual([oldest])
  expect(await find('ARBOUR 1')).toEqual([oldest])
})

it('finds a task by its error message and its file name while it has them', async () => {
  const { db } = fixture
  const change = (data: Parameters<typeof db.task.update>[0]['data']) =>
    db.task.update({ where: { id: failed }, data })
  expect(await find('ends early')).toEqual([])
  await change({ error: { code: 'video.unreadable', message: 'The file ends early: 100 %.' } })
  expect(await find('ENDS EARLY')).toEqual([failed])
  expect(await find('100 %')).toEqual([failed])
  expect(await find('10_ %')).toEqual([])
  await change({ detail: { filename: 'Scan 0.avi' } })
  expect(await find('scan 0')).toEqual([failed])
  await change({ error: { code: 'video.unreadable', message: 'Not a video.' } })
  expect(await find('ends early')).toEqual([])
})

it('combines a search with the filters, and continues it', async () => {
  const { db, ownerId } = fixture
  const page = (filter: object) => listTasks(db, { ownerId, search: 'video.inspect', limit: 1, ...filter })
  const first = await page({})
  expect(first).toMatchObject({ tasks: [{ id: failed }], nextCursor: failed })
  expect(await page({ cursor: first.nextCursor })).toMatchObject({
    tasks: [{ id: oldest }],
    nextCursor: null,
  })
  expect((await page({ state: 'done' })).tasks).toEqual([])
  const other = await listTasks(db, { ownerId: await fixture.createUserId(), search: 'harbour' })
  expect(other.tasks).toEqual([])
})

it('finds entries of the audit log by any of their texts', async () => {
  const { db } = fixture
  await db.auditEntry.create({
    data: {
      actorKind: 'system',
      action: 'video.deleted',
      subjectType: 'video',
      subjectId: '1',
      detail: { title: 'Pier' },
    },
  })
  const entries = async (text: string) => (await listAuditEntries(db, { text, limit: 10 })).entries
  expect(await entries('PIER')).toMatchObject([{ action: 'video.deleted' }])
  expect((await entries('pier'))[0]).not.toHaveProperty('searchText')
  expect(await entries('Quay')).toEqual([])
})
