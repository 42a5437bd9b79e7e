import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { beforeAll, expect, it, vi } from 'vitest'
import { importCaptionFile } from '@/lib/captions/import-file'
import { requestCaptions } from '@/lib/captions/request-captions'
import { requestTranslation } from '@/lib/captions/request-translation'
import { retranscribeVideos } from '@/lib/captions/retranscribe'
import { config } from '@/lib/config/config'
import { advanceRedrives, startRedrive } from '@/lib/queues/redrive'
import { createShare } from '@/lib/shares/commands'
import { retryTask } from '@/lib/tasks/commands'
import { updateVideo } from '@/lib/videos/commands'
import { registerVideo } from '@/lib/videos/register-video'
import { replaceChapters } from '@/lib/videos/replace-chapters'
import { changeTags } from '@/lib/videos/tags'
import { restoreVideo, trashVideo } from '@/lib/videos/trash'
import { useQueueFixture } from '@/tests/support/queue-fixture'

const fixture = useQueueFixture()
let ownerId: string

beforeAll(async () => {
  Object.assign(config(), { TRANSLATION_URL: 'http://127.0.0.1:1' })
  ownerId = await fixture.createUserId()
})

const insertVideo = (data: object = {}) =>
  fixture.db.video.create({
    data: {
      ownerId,
      title: 'a',
      filename: 'f',
      sizeBytes: 1,
      sha256: 'a',
      sourceKey: '',
      mediaInfo: { audio: [] },
      durationSeconds: 10,
      ...data,
    },
  })
const trash = (id: string) => trashVideo({ ...fixture, id, ownerId })
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: { code: string }) => error.code,
  )
const captionRequest = { translate: false }

/** Fails a task as a worker does. */
const failTask = (id: string) =>
  fixture.db.task.update({
    where: { id },
    data: { state: 'failed', cause: 'c', error: { code: 'test' }, finishedAt: new Date() },
  })

it('refuses work, links and changes of a video in the trash until it is restored', async () => {
  const { id } = await insertVideo()
  const task = await fixture.db.task.create({
    data: {
      ownerId,
      kind: 'video.transcode',
      queue: 'video.transcode',
      payload: { videoId: id },
      state: 'failed',
      maxAttempts: 3,
      subjectType: 'video',
      subjectId: id,
    },
  })
  const caption = await fixture.db.caption.create({
    data: { ownerId, videoId: id, language: 'en', source: 'sidecar', state: 'done', cueCount: 1 },
  })
  const { db } = fixture
  const target = { db, id, ownerId }
  const bytes = Buffer.from('WEBVTT\n\n00:00:00.000 --> 00:00:09.000\nx\n')
  const commands: Record<string, () => Promise<unknown>> = {
    requestTranslation: () => requestTranslation(fixture, { id: caption.id, ownerId, language: 'fr' }),
    importCaptionFile: () => importCaptionFile(db, { videoId: id, ownerId, bytes, filename: 'f.vtt' }),
    requestCaptions: () => requestCaptions(fixture, { videoId: id, ownerId, ...captionRequest }),
    createShare: () => createShare({ db, subject: { videoId: id }, ownerId, settings: {} }),
    retryTask: () => retryTask({ ...fixture, taskId: task.id, ownerId }),
    replaceChapters: () => replaceChapters({ ...target, boss: fixture.boss, chapters: [] }),
    changeTags: () => changeTags(db, { id, ownerId, add: ['sea'], remove: [] }),
    updateVideo: () => updateVideo({ ...target, update: { title: 'b' } }),
  }
  await trash(id)
  for (const [name, command] of Object.entries(commands))
    expect([name, await code(command())]).toEqual([name, 'video.in_trash'])
  expect(await code(retranscribeVideos(fixture, { videoId: id }))).toBe('video.not_found')
  expect(await fixture.readStates([task])).toEqual(['failed'])
  expect(await db.task.count({ where: { videoId: id } })).toBe(1)
  await restoreVideo({ ...fixture, id, ownerId })
  for (const [name, command] of Object.entries(commands))
    expect([name, await code(command())]).toEqual([name, null])
})

const readWaiting = () => fixture.db.$queryRaw<object[]>`
  SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`

/** Starts `first` and `second` while the row of a video is locked, so that they get it in this order. */
async function inOrder(videoId: string, first: () => Promise<unknown>, second: () => Promise<unknown>) {
  const client = new pg.Client({ connectionString: fixture.database.url })
  await client.connect()
  // Not by the client, whose transaction reads the activity once.
  const expectWaiting = (count: number) =>
    vi.waitFor(async () => expect(await readWaiting()).toHaveLength(count), 10_000)
  const results: Promise<unknown>[] = []
  try {
    await client.query('BEGIN')
    await client.query('SELECT 1 FROM video WHERE id = $1 FOR UPDATE', [videoId])
    results.push(first())
    await expectWaiting(1)
    results.push(second())
    await expectWaiting(2)
  } finally {
    await client.query('ROLLBACK')
    await client.end()
  }
  return Promise.all(results)
}

it('cancels what is requested while the video is moved to the trash', async () => {
  const { id } = await insertVideo()
  await inOrder(
    id,
    () => requestCaptions(fixture, { videoId: id, ownerId, ...captionRequest }),
    () => trash(id),
  )
  const tasks = await fixture.db.task.findMany({ where: { videoId: id } })
  expect(tasks.map(({ state }) => state)).toEqual(['canceled'])
  expect((await fixture.db.video.findUniqueOrThrow({ where: { id } })).deletedAt).not.toBeNull()
  await restoreVideo({ ...fixture, id, ownerId })
  expect(await fixture.readStates(tasks)).toEqual(['queued'])
})

it('cancels the tasks of an upload that completes while its video is moved to the trash', async () => {
  const { id } = await insertVideo({ sha256: null, mediaInfo: undefined })
  const file = { id, ownerId, filename: 'film.mp4', sizeBytes: 1, sha256: 'b' }
  await inOrder(
    id,
    () => registerVideo(fixture, file),
    () => trash(id),
  )
  const tasks = await fixture.db.task.findMany({ where: { videoId: id } })
  expect(new Set(tasks.map(({ state }) => state))).toEqual(new Set(['canceled']))
})

it('leaves dead letters of videos in the trash out of redrives', async () => {
  const [trashed, trashedLater, kept] = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const { videoId } = await registerVideo(fixture, {
        id: randomUUID(),
        ownerId,
        filename: 'film.mp4',
        sizeBytes: 1,
        sha256: randomUUID(),
      })
      const inspection = { videoId, kind: 'video.inspect' }
      const { id } = await fixture.db.task.findFirstOrThrow({ where: inspection })
      return { videoId, task: await failTask(id) }
    }),
  )
  const ids = [trashed!, trashedLater!, kept!].map(({ task }) => task.id)
  await trash(trashed!.videoId)
  const { id, total } = await startRedrive(fixture, { which: { ids }, isTrial: false, byId: ownerId })
  expect(total).toBe(2)
  await trash(trashedLater!.videoId)
  await advanceRedrives(fixture)
  await advanceRedrives(fixture)
  expect(await fixture.db.redrive.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: 'done' })
  expect(await fixture.readStates(ids.map((taskId) => ({ id: taskId })))).toEqual([
    'failed',
    'failed',
    'queued',
  ])
})
