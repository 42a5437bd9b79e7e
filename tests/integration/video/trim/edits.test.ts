// Over 200 lines because all edits are made on one kind of trimmed video, with one worker and its database.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { editCues } from '@/lib/captions/revisions'
import { retranscribeVideos } from '@/lib/captions/retranscribe'
import { captionVideoTask } from '@/lib/captions/tasks'
import { currentKeys } from '@/lib/storage/keys'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { whereUnfinished } from '@/lib/tasks/queries'
import type { ChapterEdit } from '@/lib/videos/chapters'
import { choosePoster, uploadPoster } from '@/lib/videos/choose-poster'
import { getVideo } from '@/lib/videos/queries'
import { replaceChapters } from '@/lib/videos/replace-chapters'
import { changePosterTask, compressVideoTask, packageVideoTask, verifyVideoTask } from '@/lib/videos/tasks'
import { restoreWhole } from '@/lib/videos/trim/whole-commands'
import { useDatabase } from '@/tests/support/database'
import { useTrimFixture } from '@/tests/support/trim-fixture'

const database = useDatabase()
const fixture = useTrimFixture(database)
let id: string
beforeAll(async () => {
  id = await fixture.createVideo({ seconds: 20 })
}, 120_000)
// A user trims at most ten times a minute.
beforeEach(() => database.db.attemptLimit.deleteMany())

const target = () => ({ ...fixture.deps(), ...fixture.target(id) })
const restore = () => restoreWhole(target())
const read = () => getVideo(database.db, fixture.target(id))
const readChapters = async () =>
  (await read()).chapters.map(({ title, startSeconds }) => [title, startSeconds])
const findTranscriptions = () =>
  database.db.task.findMany({
    where: { videoId: id, kind: captionVideoTask.name, ...whereUnfinished },
    orderBy: { id: 'asc' },
  })
const listQueued = async () =>
  (await database.db.task.findMany({ where: { videoId: id, partOfId: null, ...whereUnfinished } }))
    .map(({ kind }) => kind)
    .toSorted()
const findTracks = () => database.db.caption.findMany({ where: { videoId: id }, include: { cues: true } })
const readLines = async () =>
  (await findTracks())
    .flatMap(({ cues }) => cues)
    .toSorted((a, b) => a.startSeconds - b.startSeconds)
    .map(({ text, startSeconds }) => [text, startSeconds])

/** Also packages the downloads, which a trim waits for. */
async function editChapters(chapters: ChapterEdit[]) {
  await replaceChapters({ ...target(), chapters })
  await packageDownloads()
}
const packageDownloads = () => fixture.captions.runNextJob(packageVideoTask.name)

async function createTrack() {
  const { ownerId } = fixture.captions
  return database.db.caption.create({
    data: {
      ownerId,
      videoId: id,
      language: 'en',
      source: 'speech',
      state: 'done',
      cueCount: 2,
      cues: {
        create: [
          { startSeconds: 1, endSeconds: 2, text: 'before' },
          { startSeconds: 7, endSeconds: 8, text: 'inside' },
        ],
      },
    },
  })
}

describe('edits of a trimmed video', () => {
  it('stay when it is trimmed again, and when it is restored', { tags: 'full' }, async () => {
    await createTrack()
    await editChapters([
      { startSeconds: 0, title: 'Waiting' },
      { startSeconds: 4, title: 'Talk' },
      { startSeconds: 12, title: 'Questions' },
    ])
    await fixture.trim(id, 6, 14)
    const [track] = await findTracks()
    const cue = { startSeconds: 1, endSeconds: 2, text: 'corrected', alternative: null }
    const put = [{ id: track!.cues[0]!.id, ...cue }]
    await editCues({ ...target(), id: track!.id, change: { baseRevision: 0, put, remove: [] } })
    await editChapters([
      { startSeconds: 0, title: 'My talk' },
      { startSeconds: 2, title: 'Demo' },
      { startSeconds: 6, title: 'Questions' },
    ])

    expect((await fixture.trim(id, 5, 15)).error).toBeNull()
    expect(await readLines()).toEqual([['corrected', 2]])
    expect(await readChapters()).toEqual([
      ['My talk', 0],
      ['Demo', 3],
      ['Questions', 7],
    ])
    expect(await listQueued()).toEqual([verifyVideoTask.name])
    await restore()
    // The downloads have other chapters.
    expect(await listQueued()).toEqual([packageVideoTask.name])
    expect(await readLines()).toEqual([
      ['before', 1],
      ['corrected', 7],
    ])
    expect(await readChapters()).toEqual([
      ['Waiting', 0],
      ['My talk', 4],
      ['Demo', 8],
      ['Questions', 12],
    ])
    expect(await packageDownloads()).toBe(true)
    await database.db.caption.deleteMany({ where: { videoId: id } })
  })

  it('include its thumbnail', { tags: 'full' }, async () => {
    await fixture.trim(id, 6, 14)
    await choosePoster(fixture.deps(), { ...fixture.target(id), choice: { source: 'frame', atSeconds: 1 } })
    await fixture.captions.runNextJob(changePosterTask.name)
    await restore()
    const { payload } = await fixture.captions.findTask(id, changePosterTask.name)
    expect(payload).toMatchObject({ choice: { source: 'frame', atSeconds: 7 } })
    await fixture.captions.runNextJob(changePosterTask.name)
    expect((await fixture.read(id)).posterSource).toBe('frame')
    // It stays through trims that contain it.
    await fixture.trim(id, 5, 9)
    await fixture.trim(id, 6, 9)
    expect((await fixture.read(id)).posterSource).toBe('frame')

    const file = path.join(fixture.captions.dir, 'thumbnail.png')
    execFileSync('ffmpeg', `-v error -y -f lavfi -i color=red:s=320x180 -frames:v 1 ${file}`.split(' '))
    await uploadPoster(fixture.deps(), { ...fixture.target(id), bytes: new Uint8Array(readFileSync(file)) })
    await fixture.captions.runNextJob(changePosterTask.name)
    await restore()
    const restored = await fixture.read(id)
    expect(restored.posterSource).toBe('picture')
    expect(restored.posterKey).toContain(currentKeys(restored).folder)
    expect(await fixture.captions.context.storage.stat(restored.posterKey!)).not.toBeNull()
  })
})

describe('a video whose captions are queued', () => {
  it('is trimmed at once, and the captions are those of what stays', { tags: 'full' }, async () => {
    const whole = await createTrack()
    await retranscribeVideos(fixture.deps(), { videoId: id })
    const [queued] = await findTranscriptions()
    expect(await fixture.trim(id, 6, 14)).toMatchObject({ state: 'done' })
    expect((await database.db.task.findUniqueOrThrow({ where: { id: queued!.id } })).state).toBe('canceled')
    const [again] = await findTranscriptions()
    expect(again!.payload).toMatchObject({ videoId: id, isBackground: true })
    // It shows the earlier cues until then, and so does the whole.
    expect(await findTracks()).toMatchObject([
      { state: 'queued', isReplacing: true, taskId: again!.id, cues: [{ text: 'inside', startSeconds: 1 }] },
    ])
    expect(await database.db.caption.findUnique({ where: { id: whole.id } })).toMatchObject({
      state: 'done',
      isReplacing: false,
    })

    await restore()
    expect((await database.db.task.findUniqueOrThrow({ where: { id: again!.id } })).state).toBe('canceled')
    const [ofWhole] = await findTranscriptions()
    expect(await findTracks()).toMatchObject([
      { id: whole.id, state: 'queued', isReplacing: true, taskId: ofWhole!.id },
    ])
    await database.db.task.deleteMany({ where: { kind: captionVideoTask.name } })
    await database.db.caption.deleteMany({ where: { videoId: id } })
  })

  it('says what it waits for while they are generated', { tags: 'full' }, async () => {
    const { ownerId, boss } = fixture.captions
    const { id: taskId } = await enqueueTask(database.db, boss, {
      kind: captionVideoTask,
      ownerId,
      subjectId: id,
      payload: { videoId: id, translate: false },
    })
    // As one that has planned its parts.
    await database.db.task.update({ where: { id: taskId }, data: { weight: 1 } })
    expect(await fixture.trim(id, 6, 14)).toMatchObject({
      state: 'queued',
      stage: 'Waiting for: Generating captions',
    })
    await database.db.task.delete({ where: { id: taskId } })
    await fixture.skipPauses()
    await fixture.run()
    expect((await read()).trim).not.toBeNull()
    await restore()
  })
})

describe('a trimmed video', () => {
  it(
    'is checked and compressed as an uploaded one, and so is the whole again',
    { tags: 'full' },
    async () => {
      const { ownerId, boss } = fixture.captions
      const payload = { videoId: id, codec: 'av1' } as const
      const options = { kind: compressVideoTask, ownerId, subjectId: id, payload }
      await enqueueTask(database.db, boss, options)
      await fixture.trim(id, 5.48, 14.2)
      expect(await listQueued()).toEqual([compressVideoTask.name, verifyVideoTask.name])
      expect(await fixture.check(id)).toEqual([])
      const checked = await fixture.read(id)
      const names = (await read()).renditions.map(({ name }) => name)
      expect(checked.proof).toEqual(
        expect.arrayContaining(names.map((name) => expect.objectContaining({ name, problems: [] }))),
      )
      expect(checked.isCut).toBe(true)
      await restore()
      // Its check was not canceled.
      expect(await listQueued()).toEqual([compressVideoTask.name])
      expect((await fixture.read(id)).isCut).toBe(false)
    },
  )
})
