import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, expect, it, onTestFinished, vi } from 'vitest'
import type { Tx } from '@/lib/database/db'
import { log } from '@/lib/log'
import { videoKeys } from '@/lib/storage/keys'
import type { MediaInfo } from '@/lib/videos/media-info'
import { getVideo } from '@/lib/videos/queries'
import { copyStreamsTask, transcodeStartTask, transcodeVideoTask } from '@/lib/videos/tasks'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { expectSameRendition } from '@/tests/support/compare-renditions'
import { useDatabase } from '@/tests/support/database'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { LadderRun, MEMORY_BYTES } from '@/tests/support/ladder-run'
import { neverAborted } from '@/tests/support/never-aborted'
import { findProcesses } from '@/tests/support/processes'
import { readFiles } from '@/worker/media/read-files'
import type { TaskRun } from '@/worker/runtime/handler'
import { probeSource } from '@/worker/video/ffmpeg/probe-source'
import { FirstLook } from '@/worker/video/first-look'
import { inspectVideo } from '@/worker/video/inspect-video'

const database = useDatabase()
const fixture = useCaptionFixture(database, { CAPTIONS: 'none' })
const dir = await mkdtemp(path.join(tmpdir(), 'first-look-'))
afterEach(() => database.db.video.deleteMany())
afterAll(() => rm(dir, { recursive: true, force: true }))

const readVideo = (id: string) => getVideo(database.db, { id, ownerId: fixture.ownerId })
const countSegments = (videoId: string) => database.db.segment.count({ where: { rendition: { videoId } } })

async function listFiles(videoId: string) {
  const files: string[] = []
  for await (const { key } of fixture.context.storage.walk(`${videoKeys(videoId).folder}/hls`))
    files.push(key)
  return files
}

async function transcode() {
  for (const { name } of [transcodeVideoTask, copyStreamsTask, transcodeStartTask, transcodeVideoTask])
    while (await fixture.runNextJob(name));
}

/** The init segment and all segments of a rendition, concatenated. */
async function readRendition(videoId: string, name: string) {
  const { segments } = await database.db.rendition.findUniqueOrThrow({
    where: { videoId_name: { videoId, name } },
    include: { segments: { orderBy: { index: 'asc' } } },
  })
  const keys = videoKeys(videoId)
  const files = [keys.init(name), ...segments.map(({ index }) => keys.segment(name, index))]
  return buffer(readFiles({ context: fixture.context, signal: neverAborted }, files))
}

it.each<MediaName>(['counter.mkv', 'web-safe.mp4', 'song.mp3'])(
  'makes %s playable at its inspection, with what its transcode would create',
  (name) => expectFirstLook(name),
)

it.each<MediaName>(['sound-ends.mkv', 'lossless-sound-ends.mkv', 'web-safe.ts', 'vp9.webm', 'silent.mp4'])(
  'makes %s playable at its inspection, with what its transcode would create',
  { tags: 'full' },
  (name) => expectFirstLook(name),
)

async function expectFirstLook(name: MediaName) {
  const file = await generateMedia(name)
  const videoId = await fixture.uploadVideo(file)
  expect((await readVideo(videoId)).isPlayable).toBe(true)
  const before = await countSegments(videoId)
  await transcode()
  const { state, renditions } = await readVideo(videoId)
  expect(state).toBe('done')
  // A short file that is copied may be complete at once.
  expect(await countSegments(videoId)).toBeGreaterThanOrEqual(before)
  const alone = new LadderRun(file, await mkdtemp(path.join(dir, 'run-')))
  await alone.run()
  expect([...alone.inits.keys()].toSorted()).toEqual(renditions.map((one) => one.name).toSorted())
  for (const [rendition, init] of alone.inits)
    await expectSameRendition({
      name: rendition,
      rendition: await readRendition(videoId, rendition),
      expected: alone.readRendition(rendition),
      init,
      dir,
    })
}

it('encodes no smaller size of a picture that is copied', async () => {
  const videoId = await fixture.uploadVideo(await generateMedia('web-safe-1080.mp4'))
  const renditions = await database.db.rendition.findMany({
    where: { videoId },
    orderBy: { position: 'asc' },
    include: { segments: true },
  })
  const started = renditions.filter(({ segments }) => segments.length > 0).map(({ name }) => name)
  expect(started).toEqual(['source', 'audio-0'])
})

/** What the start of a file shows of it, and what all of it does. */
async function probe(name: MediaName) {
  const outputDir = await mkdtemp(path.join(dir, 'indexed-'))
  await chmod(outputDir, 0o777)
  let early: Promise<{ info: MediaInfo }> | undefined
  const { info } = await probeSource({
    path: await generateMedia(name),
    outputDir,
    signal: neverAborted,
    memoryBytes: MEMORY_BYTES,
    onStart: (start) => void (early = start),
  })
  return { early: (await early)?.info, info }
}

it('describes a file by its start before all of it is read, if its container has an index', async () => {
  const { early, info } = await probe('counter.mkv')
  expect(early).toEqual({ ...info, video: early!.video, audio: early!.audio })
  const { startSeconds, frameRate, width } = info.video!
  expect(early!.video).toMatchObject({ startSeconds, frameRate, width, isWebSafe: false })
  // The sound could be copied if it were as long as the picture.
  const unfit = await probe('sound-ends.mkv')
  expect(unfit.early!.audio[0]!.isCopyable).toBe(true)
  expect(unfit.info.audio[0]!.isCopyable).toBe(false)
  expect((await probe('joined.ts')).early).toBeUndefined()
})

it('stores no copy of a picture that turns out to change in a way that a copy cannot', async () => {
  const put = vi.spyOn(fixture.context.storage, 'put')
  onTestFinished(() => put.mockRestore())
  const file = await generateMedia('profile-change.mp4')
  const { early } = await probe('profile-change.mp4')
  expect(early!.video!.isWebSafe).toBe(true)
  const videoId = await fixture.uploadVideo(file)
  const keys = videoKeys(videoId)
  const stored = put.mock.calls.map(([key]) => key)
  expect(stored).toContain(keys.segment('240p', 0))
  expect(stored.filter((key) => key.startsWith(keys.rendition('source')))).toEqual([])
})

it('stores a copy once all of the file is described, if it still has the start that was copied', async () => {
  const sourcePath = await generateMedia('profile-change.mp4')
  const { early, info } = await probe('profile-change.mp4')
  const { ownerId } = fixture
  const row = { ownerId, title: 'A', filename: 'a.mp4', sizeBytes: 1, sourceKey: '' }
  const video = await database.db.video.create({ data: row })
  const write = vi.fn((work: (tx: Tx) => Promise<unknown>) => database.db.$transaction(work))
  const begin = () =>
    new FirstLook(
      {
        run: {
          taskId: '',
          payload: { videoId: video.id },
          context: fixture.context,
          signal: neverAborted,
          write: write as TaskRun<unknown>['write'],
          log,
        },
        video,
        sourcePath,
      },
      Promise.resolve({ info: early!, chapters: [] }),
    )
  const unfit = begin()
  await expect.poll(() => findProcesses(sourcePath).length).toBeGreaterThan(0)
  expect(await unfit.end({ info, chapters: [] })).toBe(false)
  expect(write).not.toHaveBeenCalled()
  expect(await begin().end({ info: early!, chapters: [] })).toBe(true)
  expect(await countSegments(video.id)).toBeGreaterThan(0)
})

it('leaves nothing of a canceled inspection', async () => {
  const videoId = await fixture.uploadVideo(await generateMedia('counter.mkv'))
  expect(await countSegments(videoId)).toBeGreaterThan(1)
  await inspectVideo.discard!({ payload: { videoId }, context: fixture.context } as never)
  expect(await countSegments(videoId)).toBe(0)
  expect(await listFiles(videoId)).toEqual([])
})

it('leaves nothing of a file that cannot be decoded', async () => {
  const videoId = await fixture.uploadVideo(await generateMedia('garbled.mkv'))
  expect(await countSegments(videoId)).toBe(0)
  expect(await listFiles(videoId)).toEqual([])
})
