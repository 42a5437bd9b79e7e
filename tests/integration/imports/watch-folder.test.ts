import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import path from 'node:path'
import { afterAll, beforeEach, expect, it, vi } from 'vitest'
import { beginImport } from '@/lib/imports/begin-import'
import { importFileTask } from '@/lib/imports/tasks'
import { deleteVideo } from '@/lib/videos/commands'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { useTaskWorker } from '@/tests/support/task-worker'
import { importFile } from '@/worker/imports/import-file'
import { createFolderScan } from '@/worker/imports/watch-folder'
import { defineHandler } from '@/worker/runtime/handler'

// Before the imports, which read the configuration.
const dataDir = await vi.hoisted(async () => {
  const [{ mkdtempSync }, { tmpdir }] = await Promise.all([import('node:fs'), import('node:os')])
  const dir = mkdtempSync(`${tmpdir()}/meanwhile-watch-`)
  Object.assign(process.env, {
    DATA_DIR: dir,
    WATCH_DIR: `${dir}/watched`,
    WATCH_OWNER: 'ada@example.com',
  })
  return dir
})
const dir = path.join(dataDir, 'watched')
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

const database = useDatabase()
const worker = useTaskWorker(database, { handlers: [defineHandler(importFile)] })
let scan: () => Promise<void>

const createScan = () =>
  createFolderScan({ db: database.db, boss: worker.boss }, { dir, owner: 'Ada@example.com', settledMs: 0 })

beforeEach(async () => {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(path.join(dir, 'deep'), { recursive: true })
  await database.db.video.deleteMany()
  await database.db.watchedFile.deleteMany()
  await database.db.user.update({ where: { id: worker.ownerId }, data: { email: 'ada@example.com' } })
  scan = createScan()
})

async function addFile(name: string) {
  const file = path.join(dir, name)
  copyFileSync(await generateMedia('silent.mp4'), file)
  return file
}
const listTasks = () =>
  database.db.task.findMany({ orderBy: { id: 'asc' }, where: { kind: 'video.import-file' } })
const awaitAll = async () => Promise.all((await listTasks()).map(({ id }) => worker.awaitTask(id)))
const listTitles = async () =>
  (await database.db.video.findMany({ where: { sha256: { not: null } } }))
    .map(({ title }) => title)
    .toSorted()

it('imports the other files when one cannot be enqueued, and that one later', async () => {
  await addFile('one.mp4')
  await addFile('two.mp4')
  await scan()
  const failing = vi.spyOn(database.db, '$transaction').mockRejectedValueOnce(new Error('no such name'))
  await scan()
  failing.mockRestore()
  expect((await listTasks()).length).toBe(1)
  await scan()
  await awaitAll()
  expect(await listTitles()).toEqual(['one', 'two'])
  // What has arrived is no longer reserved.
  const uploads = await database.db.upload.findMany({ where: { filename: { in: ['one.mp4', 'two.mp4'] } } })
  expect(uploads.map(({ sizeBytes, receivedBytes }) => sizeBytes === receivedBytes)).toEqual([true, true])
})

it('imports each file once, across scans, restarts and workers, also after its video was deleted', async () => {
  await addFile('one.mp4')
  await addFile('deep/two.mp4')
  await scan()
  expect(await listTasks()).toEqual([])
  const other = createScan()
  await other()
  await Promise.all([scan(), other()])
  expect((await awaitAll()).map(({ state }) => state)).toEqual(['done', 'done'])
  expect(await listTitles()).toEqual(['one', 'two'])
  const [video] = await database.db.video.findMany()
  await deleteVideo({
    db: database.db,
    boss: worker.boss,
    storage: worker.storage,
    id: video!.id,
    ownerId: worker.ownerId,
  })
  const restarted = createScan()
  for (const again of [scan, restarted, restarted]) await again()
  expect(await database.db.video.count()).toBe(1)
  expect(readFileSync(path.join(dir, 'one.mp4')).length).toBeGreaterThan(0)
})

it('waits for a file that still changes, and imports a changed one again', async () => {
  const file = await addFile('growing.mp4')
  await scan()
  appendFileSync(file, 'more')
  await scan()
  expect(await listTasks()).toEqual([])
  await scan()
  await awaitAll()
  appendFileSync(file, 'even more')
  await scan()
  await scan()
  expect((await awaitAll()).map(({ state }) => state)).toEqual(['done', 'done'])
})

it('waits for a file that was changed a moment ago', async () => {
  const file = await addFile('fresh.mp4')
  const patient = createFolderScan({ db: database.db, boss: worker.boss }, { dir, owner: 'ada@example.com' })
  for (let n = 0; n < 3; n++) await patient()
  expect(await listTasks()).toEqual([])
  utimesSync(file, new Date(), new Date(Date.now() - 60_000))
  await patient()
  await patient()
  expect((await listTasks()).length).toBe(1)
})

it('ignores links, hidden files, and names of unfinished files', async () => {
  const outside = path.join(dataDir, 'outside.mp4')
  copyFileSync(await generateMedia('silent.mp4'), outside)
  symlinkSync(outside, path.join(dir, 'link.mp4'))
  symlinkSync(dataDir, path.join(dir, 'folder'))
  for (const name of ['.hidden.mp4', 'film.mp4.part', 'film.crdownload']) await addFile(name)
  await scan()
  await scan()
  expect(await listTasks()).toEqual([])
})

it('fails with the reason if a file is no media, was removed, or is behind a link', async () => {
  const kind = importFileTask
  const enqueue = (name: string, totalBytes: number) =>
    database.db.$transaction((tx) =>
      beginImport(tx, worker.boss, {
        kind,
        ownerId: worker.ownerId,
        filename: path.basename(name),
        source: { path: name, totalBytes, isNamed: true },
      }),
    )
  appendFileSync(path.join(dir, 'notes.txt'), 'Only text.')
  const { length } = readFileSync(await addFile('changed.mp4'))
  symlinkSync(path.join(dir, 'changed.mp4'), path.join(dir, 'link.mp4'))
  symlinkSync(dir, path.join(dir, 'folder'))
  const outcomes = [
    ['notes.txt', 10, 'video.not_media'],
    ['changed.mp4', length - 1, 'import.file_changed'],
    ['gone.mp4', length, 'import.file_changed'],
    ['link.mp4', length, 'import.file_changed'],
    ['folder/changed.mp4', length, 'import.file_changed'],
  ] as const
  for (const [name, sizeBytes, code] of outcomes) {
    const { taskId } = await enqueue(name, sizeBytes)
    const { error } = await worker.awaitTask(taskId)
    expect((error as { code: string } | null)?.code ?? null, name).toBe(code)
  }
})

it('leaves files for later while the owner has too many unfinished uploads', async () => {
  await addFile('late.mp4')
  const expiresAt = new Date(Date.now() + 60_000)
  const uploads = Array.from({ length: 100 }, (_, n) => ({
    id: `upload-${n}`,
    ownerId: worker.ownerId,
    filename: 'a.mp4',
    sizeBytes: 1,
    expiresAt,
  }))
  await database.db.upload.createMany({ data: uploads })
  await scan()
  await scan()
  expect(await listTasks()).toEqual([])
  await database.db.upload.deleteMany({ where: { id: { startsWith: 'upload-' } } })
  await scan()
  expect((await awaitAll()).map(({ state }) => state)).toEqual(['done'])
})
