// Over 200 lines because all tests run transcodes of one fixture in one process.

import pino from 'pino'
import { afterEach, expect, it } from 'vitest'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import type { TaskDetail } from '@/lib/tasks/schema'
import { replaceChapters } from '@/lib/videos/replace-chapters'
import { getVideo } from '@/lib/videos/queries'
import {
  copyStreamsTask,
  packageVideoTask,
  transcodeChunkTask,
  transcodeStartTask,
  transcodeVideoTask,
} from '@/lib/videos/tasks'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { readChapterTitles, readStreams } from '@/tests/support/media-analysis'
import { neverAborted } from '@/tests/support/never-aborted'
import type { ProgressReport } from '@/worker/runtime/handler'
import { packageVideo } from '@/worker/video/package-video'
import { transcodeVideo } from '@/worker/video/transcode-video'

const database = useDatabase()
const fixture = useCaptionFixture(database, { CAPTIONS: 'none' })
afterEach(() => database.db.video.deleteMany())

const readVideo = (id: string) => getVideo(database.db, { id, ownerId: fixture.ownerId })
/** Also runs jobs of videos that earlier tests have deleted. */
async function transcode() {
  const kinds = [
    transcodeVideoTask,
    copyStreamsTask,
    transcodeStartTask,
    transcodeChunkTask,
    transcodeVideoTask,
  ]
  for (const { name } of kinds) while (await fixture.runNextJob(name));
}
const ownerDeps = () => ({ db: database.db, boss: fixture.boss, ownerId: fixture.ownerId })

it('reports every rendition as done when its transcode is done', async () => {
  const videoId = await fixture.uploadVideo(await generateMedia('silent.mp4'))
  await transcode()
  const { state, renditions } = await readVideo(videoId)
  expect(state).toBe('done')
  expect(renditions.map(({ name }) => name)).toEqual(['source', '360p'])
  for (const rendition of renditions) expect(rendition).toMatchObject({ state: 'done', progress: 1 })
  const task = await fixture.findTask(videoId, transcodeVideoTask.name)
  const detail = task.detail as TaskDetail | null
  expect(detail?.renditions?.filter((rendition) => rendition.state !== 'done') ?? []).toEqual([])
})

it('keeps what its segments add up to in the row of a rendition', async () => {
  const videoId = await fixture.uploadVideo(await generateMedia('silent.mp4'))
  await transcode()
  const renditions = await database.db.rendition.findMany({
    where: { videoId },
    orderBy: { position: 'asc' },
    include: { segments: true },
  })
  expect(renditions.map(({ segments }) => segments.length)).toEqual([1, 3])
  for (const { segments, segmentBytes, segmentSeconds, peakBitsPerSecond } of renditions) {
    const sum = (of: 'sizeBytes' | 'durationSeconds') =>
      segments.reduce((total, segment) => total + segment[of], 0)
    expect(Number(segmentBytes)).toBe(sum('sizeBytes'))
    expect(segmentSeconds).toBeCloseTo(sum('durationSeconds'), 6)
    const rates = segments.map(({ sizeBytes, durationSeconds }) => (8 * sizeBytes) / durationSeconds)
    expect(peakBitsPerSecond).toBeCloseTo(Math.max(...rates), 3)
  }
})

it('reports unfinished renditions as canceled with their transcode, and as waiting after a retry', async () => {
  const videoId = await fixture.uploadVideo(await generateMedia('silent.mp4'))
  const { id: taskId } = await fixture.findTask(videoId, transcodeVideoTask.name)
  const { version, renditions } = await readVideo(videoId)
  await database.db.rendition.updateMany({ where: { videoId, name: 'source' }, data: { state: 'done' } })
  await database.db.rendition.updateMany({
    where: { videoId, name: '360p' },
    data: { state: 'in_progress' },
  })
  expect(renditions.map(({ state }) => state)).toEqual(['queued', 'queued'])
  await cancelTask({ ...ownerDeps(), taskId })
  const canceled = await readVideo(videoId)
  expect(canceled.renditions.map(({ state }) => state)).toEqual(['done', 'canceled'])
  expect(canceled.version).toBeGreaterThan(version)
  await database.db.task.update({ where: { id: taskId }, data: { state: 'failed' } })
  expect((await readVideo(videoId)).renditions.map(({ state }) => state)).toEqual(['done', 'failed'])
  await retryTask({ ...ownerDeps(), taskId })
  expect((await readVideo(videoId)).renditions.map(({ state }) => state)).toEqual(['done', 'queued'])
})

it('notifies clients when a retry restarts the renditions of a failed transcode', async () => {
  const videoId = await fixture.uploadVideo(await generateMedia('silent.mp4'))
  const { id: taskId } = await fixture.findTask(videoId, transcodeVideoTask.name)
  await database.db.rendition.updateMany({ where: { videoId }, data: { state: 'failed' } })
  const { version } = await readVideo(videoId)
  const afterFirstWrite = new Error('stopped after the first write')
  const run = transcodeVideo.run({
    taskId,
    kind: transcodeVideoTask,
    payload: { videoId },
    signal: neverAborted,
    log: pino({ enabled: false }),
    context: fixture.context,
    report: () => undefined,
    write: async (work) => {
      await database.db.$transaction(work)
      throw afterFirstWrite
    },
    writeTogether: async () => {},
  })
  await expect(run).rejects.toBe(afterFirstWrite)
  const restarted = await readVideo(videoId)
  expect(restarted.renditions.map(({ state }) => state)).toEqual(['queued', 'queued'])
  expect(restarted.version).toBeGreaterThan(version)
})

/** Encodes the first chunk of a video in two chunks, then the second one on a worker with another version of ffmpeg. */
async function changeEncoder(videoId: string) {
  await fixture.runNextJob(transcodeVideoTask.name)
  const { id: partOfId } = await fixture.findTask(videoId, transcodeVideoTask.name)
  const chunks = await database.db.task.findMany({
    where: { partOfId, kind: { not: copyStreamsTask.name }, state: 'queued' },
    orderBy: { id: 'asc' },
  })
  for (const [n, { id }] of chunks.entries()) {
    const times = [
      { startSeconds: 0, endSeconds: 8 },
      { startSeconds: 8, endSeconds: null },
    ][n]
    await database.db.task.update({ where: { id }, data: { payload: { videoId, ...times } } })
  }
  await fixture.runNextJob(transcodeStartTask.name)
  await database.db.rendition.updateMany({
    where: { videoId, mode: 'encode' },
    data: { initSha256: 'of another version' },
  })
  await fixture.runNextJob(transcodeChunkTask.name)
}

it(
  'starts again if the encoder changes between two chunks, and fails if that happens in each attempt',
  { tags: 'full' },
  async () => {
    for (const { name } of [transcodeVideoTask, transcodeStartTask, transcodeChunkTask])
      await fixture.boss.deleteAllJobs(name)
    const videoId = await fixture.uploadVideo(await generateMedia('counter.mkv'))
    const { mediaInfo } = await database.db.video.findUniqueOrThrow({ where: { id: videoId } })
    const data = { mediaInfo: { ...(mediaInfo as object), durationSeconds: 56 } }
    await database.db.video.update({ where: { id: videoId }, data })
    const countSegments = () =>
      database.db.segment.count({ where: { rendition: { videoId, mode: 'encode' } } })
    const readTranscode = () => fixture.findTask(videoId, transcodeVideoTask.name)

    for (const attempts of [1, 2]) {
      await changeEncoder(videoId)
      expect(await readTranscode()).toMatchObject({ state: 'queued', attempts, jobId: expect.any(String) })
      expect(await countSegments()).toBe(0)
    }
    await changeEncoder(videoId)
    expect(await readTranscode()).toMatchObject({
      state: 'failed',
      attempts: 3,
      error: { code: 'video.encoder_changed' },
    })

    await retryTask({ ...ownerDeps(), taskId: (await readTranscode()).id })
    await transcode()
    expect(await readTranscode()).toMatchObject({ state: 'done', attempts: 1 })
    expect((await readVideo(videoId)).renditions).toMatchObject([
      { name: '180p', state: 'done' },
      { name: 'audio-0', state: 'done' },
    ])
    // The last picture is held to the end.
    expect(await countSegments()).toBe(16)
  },
)

it('reports which download is being packaged while its URL is missing', { tags: 'full' }, async () => {
  const videoId = await fixture.uploadVideo(await generateMedia('short-1080.mp4'))
  await transcode()
  const reports: ProgressReport[] = []
  const task = await fixture.findTask(videoId, packageVideoTask.name)
  expect(task.state).toBe('queued')
  await packageVideo.run({
    taskId: task.id,
    kind: packageVideoTask,
    payload: { videoId },
    signal: neverAborted,
    log: pino({ enabled: false }),
    context: fixture.context,
    report: (report) => reports.push(report),
    write: (work) => database.db.$transaction(work),
    writeTogether: async () => {},
  })
  expect(reports.map(({ stage, detail }) => [stage, detail!.renditions])).toEqual([
    [
      'Packaging 720p',
      [
        { name: '720p', state: 'in_progress', progress: 0 },
        { name: '480p', state: 'queued', progress: 0 },
        { name: '360p', state: 'queued', progress: 0 },
      ],
    ],
    [
      'Packaging 480p',
      [
        { name: '720p', state: 'done', progress: 1 },
        { name: '480p', state: 'in_progress', progress: 0 },
        { name: '360p', state: 'queued', progress: 0 },
      ],
    ],
    [
      'Packaging 360p',
      [
        { name: '720p', state: 'done', progress: 1 },
        { name: '480p', state: 'done', progress: 1 },
        { name: '360p', state: 'in_progress', progress: 0 },
      ],
    ],
  ])
  const { renditions } = await readVideo(videoId)
  expect(renditions.map(({ name, downloadUrl }) => [name, downloadUrl])).toEqual([
    ['source', null],
    ...['720p', '480p', '360p'].map((name) => [name, `/media/videos/${videoId}/downloads/${name}.mp4`]),
    ['audio-0', null],
  ])
})

it('packages downloads again after an edit of the chapters, once for several edits', async () => {
  const videoId = await fixture.uploadVideo(await generateMedia('silent.mp4'))
  await transcode()
  const edit = (title: string) =>
    replaceChapters({ ...ownerDeps(), id: videoId, chapters: [{ startSeconds: 0, title }] })
  const countTasks = () => database.db.task.count({ where: { videoId, kind: packageVideoTask.name } })
  const packageAll = async () => {
    while (await fixture.runNextJob(packageVideoTask.name));
    const { downloadKey } = await database.db.rendition.findFirstOrThrow({
      where: { videoId, downloadKey: { not: null } },
    })
    const file = { key: downloadKey!, signal: neverAborted }
    return fixture.context.storage.withLocalFile(file, readChapterTitles)
  }
  // The waiting task reads them.
  await edit('first')
  expect(await countTasks()).toBe(1)
  expect(await packageAll()).toEqual(['first'])
  await edit('second')
  await edit('third')
  expect(await countTasks()).toBe(2)
  expect(await packageAll()).toEqual(['third'])
})

it('packages the sound in 5.1 after that in stereo', async () => {
  const videoId = await fixture.uploadVideo(await generateMedia('surround.mkv'))
  await transcode()
  while (await fixture.runNextJob(packageVideoTask.name));
  const { renditions } = await readVideo(videoId)
  expect(renditions.map(({ name, channels }) => [name, channels])).toEqual([
    ['source', null],
    ['audio-0', 2],
    ['audio-0-surround', 6],
  ])
  const { downloadKey } = await database.db.rendition.findFirstOrThrow({ where: { videoId, name: 'source' } })
  const file = { key: downloadKey!, signal: neverAborted }
  const streams = await fixture.context.storage.withLocalFile(file, readStreams)
  expect(streams.slice(1)).toMatchObject([{ channels: 2 }, { channels: 6, tags: { handler_name: '5.1' } }])
})

it('fails at the first attempt, with an explanation, if the uploaded file is missing from the storage', async () => {
  const videoId = await fixture.uploadVideo(await generateMedia('silent.mp4'))
  const { sourceKey } = await database.db.video.findUniqueOrThrow({ where: { id: videoId } })
  await fixture.context.storage.removeAll(sourceKey)
  await transcode()
  expect(await fixture.findTask(videoId, transcodeVideoTask.name)).toMatchObject({
    state: 'failed',
    attempts: 1,
    error: {
      code: 'video.file_missing',
      message: 'The uploaded file is missing from the storage.',
    },
  })
})
