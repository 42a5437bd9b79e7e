import { randomUUID } from 'node:crypto'
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { kinds } from '@/lib/kinds'
import { Prisma } from '@/lib/generated/prisma/client'
import { searchTasks } from '@/lib/queues/search'
import { registerAllTasks } from '@/lib/register-tasks'
import { taskEndListeners } from '@/lib/task-end-listeners'
import { installQueue } from '@/lib/tasks/boss'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { listTasks } from '@/lib/tasks/queries'
import { processSingleton } from '@/lib/concurrency/process-singleton'
import { registerTasks, type TaskEndListener, taskRegistry } from '@/lib/tasks/registry'
import { pruneTasks } from '@/lib/tasks/retention'
import type { TaskSubject } from '@/lib/tasks/subject'
import { defineTaskKind } from '@/lib/tasks/task-kind'
import { createOwner } from '@/tests/support/database'
import { useQueueFixture } from '@/tests/support/queue-fixture'
import type { WorkerContext } from '@/worker/context'
import { defineHandler } from '@/worker/runtime/handler'
import { runTask } from '@/worker/runtime/run-task'
import { RunningTasks } from '@/worker/runtime/running-tasks'

// A domain that no module knows: a table, a subject, a kind and a task-end listener.

const bookSubject: TaskSubject = {
  type: 'book',
  withTitle: ({ pattern, ownerId }) => Prisma.sql`
    SELECT id FROM book WHERE title ILIKE ${pattern}
      AND (${ownerId ?? null}::text IS NULL OR "ownerId" = ${ownerId ?? null})`,
  async readTitles(db, ids) {
    const rows = await db.$queryRaw<{ id: string; title: string }[]>`
      SELECT id, title FROM book WHERE id = ANY(${[...ids]}::uuid[])`
    return new Map(rows.map(({ id, title }) => [id, title]))
  },
  retained: Prisma.sql`SELECT id FROM book WHERE NOT "isArchived"`,
}

const printBookTask = defineTaskKind({
  name: 'book.print',
  label: () => 'Printing the book',
  payload: z.object({ bookId: z.uuid() }),
  subject: bookSubject,
})

const ended: string[] = []
const recordEnd: TaskEndListener = {
  concerns: ({ kind }) => kind === printBookTask.name,
  async onEnd(_tx, _boss, tasks) {
    for (const task of tasks) ended.push(`${task.id} ${task.state}`)
  },
}

const fixture = useQueueFixture()
beforeAll(async () => {
  registerTasks({ kinds: [...kinds, printBookTask], endListeners: [...taskEndListeners, recordEnd] })
  await installQueue(fixture.boss, printBookTask)
  await fixture.db.$executeRaw`
    CREATE TABLE book (id uuid PRIMARY KEY, "ownerId" text, title text, "isArchived" boolean DEFAULT false)`
})
afterAll(registerAllTasks)

async function createBook(title: string, ownerId = fixture.ownerId) {
  const id = randomUUID()
  await fixture.db
    .$executeRaw`INSERT INTO book (id, "ownerId", title) VALUES (${id}::uuid, ${ownerId}, ${title})`
  return id
}

const printBook = (bookId: string, ownerId = fixture.ownerId) =>
  fixture.db.$transaction((tx) =>
    enqueueTask(tx, fixture.boss, {
      kind: printBookTask,
      payload: { bookId },
      ownerId,
      subjectId: bookId,
    }),
  )

it('lists the tasks of a new subject and finds them by its title', async () => {
  const { db, ownerId } = fixture
  const bookId = await createBook('Middlemarch')
  const task = await printBook(bookId)
  await printBook(await createBook('Persuasion'))
  const otherUser = (await createOwner(db)).id
  await printBook(await createBook('Middlemarch, abridged', otherUser), otherUser)

  const subject = { subjectType: bookSubject.type, subjectId: bookId }
  const expected = [
    { id: task.id, label: 'Printing the book', state: 'queued', videoId: null, machineId: null },
  ]
  expect(await listTasks(db, { ownerId, subjects: [subject] })).toMatchObject({ tasks: expected })
  expect(await listTasks(db, { ownerId, search: 'middle' })).toMatchObject({ tasks: expected })
  const found = await searchTasks(db, { search: 'middlemarch', kind: '', state: '' })
  expect(found.map((row) => row.subject)).toEqual(['Middlemarch, abridged', 'Middlemarch'])
})

it('runs the task-end listener of a new domain', async () => {
  const { db, boss } = fixture
  const task = await printBook(await createBook('Emma'))
  const running = new RunningTasks(db)
  const handler = defineHandler({ kind: printBookTask, run: async () => ({}) })
  for (;;) {
    const [job] = await boss.fetch<{ taskId: string }>(printBookTask.name, { includeMetadata: true })
    if (!job) break
    await runTask({ context: { db, boss } as WorkerContext, handler, running, job: job as never })
  }
  await running.stopPolling()
  expect(ended).toContain(`${task.id} done`)
})

it('keeps the tasks of retained rows of a new subject and prunes the others', async () => {
  const { db } = fixture
  const [shown, archived] = [await createBook('Shown'), await createBook('Archived')]
  const [kept, pruned] = [await printBook(shown), await printBook(archived)]
  await db.$executeRaw`UPDATE book SET "isArchived" = true WHERE id = ${archived}::uuid`
  await db.task.updateMany({
    where: { id: { in: [kept.id, pruned.id] } },
    data: { state: 'done', finishedAt: new Date(0) },
  })
  await pruneTasks({ db, days: 1 })
  const left = await db.task.findMany({ where: { id: { in: [kept.id, pruned.id] } } })
  expect(left.map(({ id }) => id)).toEqual([kept.id])
})

it('fills the foreign keys of released subject types from either side', async () => {
  const { db, ownerId } = fixture
  const video = await db.video.create({
    data: { ownerId, title: 'a', filename: 'a', sizeBytes: 1, sha256: 'a', sourceKey: 'a' },
  })
  const base = { ownerId, kind: 'video.inspect', queue: 'video.inspect', payload: {}, maxAttempts: 1 }
  const bySubject = await db.task.create({ data: { ...base, subjectType: 'video', subjectId: video.id } })
  const byColumn = await db.task.create({ data: { ...base, videoId: video.id } })
  for (const task of [bySubject, byColumn])
    expect(task).toMatchObject({ videoId: video.id, subjectType: 'video', subjectId: video.id })
  await db.video.delete({ where: { id: video.id } })
  expect(await db.task.count({ where: { id: { in: [bySubject.id, byColumn.id] } } })).toBe(0)
})

it('refuses to read tasks before any are registered', async () => {
  const { db, ownerId } = fixture
  const registered = processSingleton('task registry')
  const registry = registered.current
  delete registered.current
  expect(taskRegistry).toThrow('No tasks are registered')
  await expect(listTasks(db, { ownerId })).rejects.toThrow('No tasks are registered')
  registered.current = registry
})

it('names no domain in the modules of lib/tasks', async () => {
  const allowed =
    /^(\.\/|\.\.\/(config|database|text|concurrency|generated|i18n|errors|log|state-machine|http|cluster)\b)/
  for (const file of globSync('lib/tasks/*.ts')) {
    const source = await readFile(file, 'utf8')
    const imported = [...source.matchAll(/from '(\.[^']+|@\/[^']+)'/g)].map(([, from]) => from!)
    expect(
      imported.filter((from) => !allowed.test(from)),
      file,
    ).toEqual([])
  }
})
