import { expect, it } from 'vitest'
import { PROCESS_ID } from '@/lib/cluster/process-id'
import {
  chunkKindNames,
  copyStreamsTask,
  transcodeChunkTask,
  transcodeStartTask,
  transcodeVideoTask,
} from '@/lib/videos/tasks'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { MEMORY_BYTES } from '@/tests/support/ladder-run'
import type { EncoderProbe } from '@/worker/video/encoders/encoder-probe'
import type { Tx } from '@/lib/database/db'
import { chooseEncoder } from '@/worker/video/encoders/choose-encoder'
import { createEncoderProbe, testHardware } from '@/worker/video/encoders/encoder-probe'
import { findEncoderProblem } from '@/worker/video/encoders/find-encoder-problem'
import type { HardwareOptions } from '@/worker/video/encoders/hardware'

// No test computer has a device, so x264 with other settings plays the part of one that works. One that fails is real: the
// null device, which ffmpeg opens as a render node.
const WORKING: HardwareOptions = {
  devices: ['/dev/null'],
  deviceArgs: [],
  upload: 'format=yuv420p',
  encoderArgs: () =>
    '-c:v libx264 -preset ultrafast -profile:v main -bf 0 -keyint_min 9999 -sc_threshold 0'.split(' '),
}
const BROKEN: HardwareOptions = {
  ...WORKING,
  deviceArgs: ['-init_hw_device', 'vaapi=hw:/dev/null', '-filter_hw_device', 'hw'],
  upload: 'format=nv12,hwupload',
  encoderArgs: () => '-c:v h264_vaapi -rc_mode CQP -qp 23'.split(' '),
}

const database = useDatabase()
const fixture = useCaptionFixture(database, { CAPTIONS: 'none' })

/** A worker whose device is `hardware`, until `device.hardware` is replaced. */
function useDevice() {
  const device = { hardware: WORKING, tests: 0 }
  const encoders: EncoderProbe = {
    get current() {
      return { encoder: 'vaapi' as const, hardware: device.hardware, problem: null }
    },
    ready: Promise.resolve(),
    recheck: async () => void device.tests++,
  }
  const { context } = fixture
  Object.defineProperty(fixture, 'context', { configurable: true, get: () => ({ ...context, encoders }) })
  return device
}

const reportWorker = (videoEncoder: string, id = PROCESS_ID) =>
  database.db.workerBeat.upsert({
    where: { id },
    create: { id, seenAt: new Date(), queues: chunkKindNames, videoEncoder },
    update: { seenAt: new Date(), videoEncoder },
  })

async function uploadTwoChunks() {
  const videoId = await fixture.uploadVideo(await generateMedia('counter.mkv'))
  const { mediaInfo } = await database.db.video.findUniqueOrThrow({ where: { id: videoId } })
  const data = { mediaInfo: { ...(mediaInfo as object), durationSeconds: 56 } }
  await database.db.video.update({ where: { id: videoId }, data })
  return videoId
}

const readVideo = (id: string) =>
  database.db.video.findUniqueOrThrow({
    where: { id },
    include: {
      renditions: { where: { mode: 'encode' }, include: { segments: { orderBy: { index: 'asc' } } } },
    },
  })
const readPayloads = async (videoId: string) => {
  const tasks = await database.db.task.findMany({
    where: { videoId, kind: { in: chunkKindNames }, state: { not: 'canceled' } },
    orderBy: { id: 'asc' },
  })
  return tasks.map(({ payload }) => (payload as { encoder?: string }).encoder)
}
async function runAll() {
  const kinds = [
    transcodeVideoTask,
    copyStreamsTask,
    transcodeStartTask,
    transcodeChunkTask,
    transcodeVideoTask,
  ]
  for (const { name } of kinds) while (await fixture.runNextJob(name));
}

it('passes the test if it sets key frames where they are requested, and reports why a device fails', async () => {
  const test = (hardware: HardwareOptions) => findEncoderProblem(hardware, { memoryBytes: MEMORY_BYTES })
  expect(await test(WORKING)).toBeNull()
  expect(await test(BROKEN)).toMatch(/vaapi|VAAPI|device/i)
  expect(await test({ ...WORKING, upload: 'format=yuv420p,trim=end=1' })).toBe('it set 1 of 3 key frames')
  const missing = createEncoderProbe('nvenc', async (encoder) => {
    const result = await testHardware({ MEDIA_MEMORY_BYTES: MEMORY_BYTES })(encoder)
    return typeof result === 'string' ? result : 'a device that tests do not use'
  })
  await expect
    .poll(() => missing.current.problem)
    .toMatch(/^Videos are encoded in software, because VIDEO_ENCODER=nvenc: (this computer has no|a device)/)
})

it('is planned only while all workers that take chunks have it', async () => {
  useDevice()
  await reportWorker('vaapi')
  await reportWorker('nvenc', 'of another computer')
  const mixed = await fixture.uploadVideo(await generateMedia('counter.mkv'))
  await fixture.runNextJob(transcodeVideoTask.name)
  expect([(await readVideo(mixed)).encoder, await readPayloads(mixed)]).toEqual(['software', [undefined]])
  await reportWorker('vaapi', 'of another computer')
  const uniform = await fixture.uploadVideo(await generateMedia('counter.mkv'))
  await fixture.runNextJob(transcodeVideoTask.name)
  expect([(await readVideo(uniform)).encoder, await readPayloads(uniform)]).toEqual(['vaapi', ['vaapi']])
  const options = {
    context: fixture.context,
    write: <T>(work: (tx: Tx) => Promise<T>) => database.db.$transaction(work),
  }
  // One that an earlier version has begun.
  await database.db.rendition.updateMany({ where: { videoId: uniform }, data: { initKey: 'init' } })
  expect(await chooseEncoder(options, { id: uniform, encoder: null })).toBe('software')
  await reportWorker('software', 'of another computer')
  expect(await chooseEncoder(options, { id: uniform, encoder: 'vaapi' })).toBe('vaapi')
  await database.db.workerBeat.deleteMany()
  await database.db.video.deleteMany()
  for (const name of [...chunkKindNames, copyStreamsTask.name, transcodeVideoTask.name])
    await fixture.boss.deleteAllJobs(name)
})

it('continues in software when the device fails in the middle of a video', { tags: 'full' }, async () => {
  const device = useDevice()
  await reportWorker('vaapi')
  const videoId = await uploadTwoChunks()
  await fixture.runNextJob(transcodeVideoTask.name)
  expect(await readPayloads(videoId)).toEqual(['vaapi', 'vaapi'])
  await fixture.runNextJob(copyStreamsTask.name)
  await fixture.runNextJob(transcodeStartTask.name)
  const [before] = (await readVideo(videoId)).renditions
  expect(before).toMatchObject({ codecs: expect.stringMatching(/^avc1\.42/) })
  expect(before!.segments.length).toBeGreaterThan(0)

  device.hardware = BROKEN
  await fixture.runNextJob(transcodeChunkTask.name)
  expect(device.tests).toBe(1)
  expect(await readVideo(videoId)).toMatchObject({
    encoder: 'software',
    renditions: [{ state: 'queued', segments: [], initSha256: null }],
  })
  expect(await fixture.findTask(videoId, transcodeVideoTask.name)).toMatchObject({
    state: 'queued',
    attempts: 0,
  })

  await runAll()
  expect(await fixture.findTask(videoId, transcodeVideoTask.name)).toMatchObject({
    state: 'done',
    attempts: 1,
  })
  expect(await readPayloads(videoId)).toEqual([undefined, undefined])
  const [after] = (await readVideo(videoId)).renditions
  expect(after).toMatchObject({ state: 'done', codecs: expect.stringMatching(/^avc1\.64/) })
  expect(after!.segments.map(({ index }) => index)).toEqual(Array.from({ length: 16 }, (_, n) => n))
  const audio = await database.db.rendition.findMany({ where: { videoId, mode: 'audio' } })
  expect(audio).toMatchObject([{ state: 'done' }])
})

it('leaves a chunk to a worker that has the device, and continues in software if none has it any more', async () => {
  useDevice()
  await reportWorker('vaapi')
  const videoId = await fixture.uploadVideo(await generateMedia('counter.mkv'))
  await fixture.runNextJob(transcodeVideoTask.name)
  const withoutDevice = { ...fixture.context, encoders: undefined }
  Object.defineProperty(fixture, 'context', { configurable: true, get: () => withoutDevice })
  await reportWorker('vaapi', 'of another computer')
  await fixture.runNextJob(transcodeStartTask.name)
  expect((await readVideo(videoId)).encoder).toBe('vaapi')
  expect(await fixture.findTask(videoId, transcodeStartTask.name)).toMatchObject({
    state: 'queued',
    attempts: 0,
  })

  await database.db.workerBeat.deleteMany()
  await database.db
    .$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE name = ${transcodeStartTask.name}`
  await fixture.runNextJob(transcodeStartTask.name)
  expect((await readVideo(videoId)).encoder).toBe('software')
})
