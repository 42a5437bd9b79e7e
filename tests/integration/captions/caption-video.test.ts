// Over 200 lines because all tests share one recording, which is synthesized and encoded once.

import path from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { deleteCaption } from '@/lib/captions/commands'
import { requestCaptions } from '@/lib/captions/request-captions'
import { captionPartTask, captionStartTask } from '@/lib/captions/tasks'
import { editCues } from '@/lib/captions/revisions'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import { toTaskDto } from '@/lib/tasks/to-task-dto'
import { transcodeVideoTask } from '@/lib/videos/tasks'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { findProcesses } from '@/tests/support/processes'
import { generateSpeech, generateTwoSentences, MORNING_SUN_SENTENCE } from '@/tests/support/generate-speech'

const database = useDatabase()
const fixture = useCaptionFixture(database)
let speech: string
let silence: string
let longSpeech: string

beforeAll(async () => {
  const generate = (name: string, secondAtSeconds: number, seconds: number) =>
    generateTwoSentences(path.join(fixture.dir, name), { secondAtSeconds, seconds })
  speech = await generate('speech.mkv', 36, 45)
  longSpeech = await generate('long.mkv', 150, 200)
  silence = await generateSpeech(path.join(fixture.dir, 'silence.mkv'), { utterances: [], seconds: 200 })
})
afterEach(async () => {
  fixture.settings.CAPTIONS = 'pocketsphinx'
  await database.db.video.deleteMany()
})

const ownerDeps = () => ({ db: database.db, boss: fixture.boss, ownerId: fixture.ownerId })
const readOnlyTrack = async (videoId: string) => (await fixture.listCaptions(videoId))[0]!
const findTranscriberProcesses = () =>
  findProcesses(path.join(fixture.dir, 'scratch')).filter(({ command }) => !command.includes('ffmpeg'))

describe('a video with speech', () => {
  it('gets captions at the times of its speech, labeled as low accuracy', async () => {
    const videoId = await fixture.uploadVideo(speech)
    await fixture.runNextTranscription()
    const track = await readOnlyTrack(videoId)
    expect(track).toMatchObject({
      state: 'done',
      label: 'English (automatic, low accuracy)',
      engine: 'pocketsphinx',
      isLowAccuracy: true,
      note: expect.stringContaining('about half of the words'),
    })
    const cues = await fixture.listCues(track.id)
    expect(cues).toMatchObject([
      { text: expect.stringContaining('what your country can do for you') },
      { text: MORNING_SUN_SENTENCE },
    ])
    expect(Math.abs(cues[0]!.startSeconds - 1.1)).toBeLessThan(0.5)
    expect(Math.abs(cues[1]!.startSeconds - 36.1)).toBeLessThan(0.5)
    expect(cues[1]!.words!.map((word) => word.text).join(' ')).toBe(MORNING_SUN_SENTENCE)
    expect(await fixture.findTask(videoId)).toMatchObject({
      state: 'done',
      result: { cues: 2, engine: 'pocketsphinx' },
    })
    expect(toTaskDto(await fixture.findTask(videoId))).toMatchObject({
      label: 'Generating captions',
      isSkipped: false,
    })
  })

  it('stops its transcription at once when canceled, without stopping its other tasks, and resumes it on retry', async () => {
    const videoId = await fixture.uploadVideo(speech)
    const task = await fixture.findTask(videoId)
    const delivered = fixture.runNextTranscription()
    await expect
      .poll(async () => (await readOnlyTrack(videoId))?.cueCount, { interval: 20, timeout: 30_000 })
      .toBe(1)
    const [first] = await fixture.listCues((await readOnlyTrack(videoId)).id)
    await cancelTask({ ...ownerDeps(), taskId: task.id })
    const canceledAt = Date.now()
    await delivered
    expect(Date.now() - canceledAt).toBeLessThan(2_000)
    expect(findTranscriberProcesses()).toEqual([])
    expect(await readOnlyTrack(videoId)).toMatchObject({ state: 'canceled', cueCount: 1 })
    expect(await fixture.findTask(videoId, transcodeVideoTask.name)).toMatchObject({ state: 'queued' })

    await retryTask({ ...ownerDeps(), taskId: task.id })
    await fixture.runNextTranscription()
    const track = await readOnlyTrack(videoId)
    expect(track).toMatchObject({ state: 'done', cueCount: 2, revision: 0 })
    expect((await fixture.listCues(track.id))[0]).toEqual(first)
  })

  it(
    'keeps edited text when it is transcribed again, and offers the new text as an alternative',
    { tags: 'full' },
    async () => {
      const videoId = await fixture.uploadVideo(speech)
      await fixture.runNextTranscription()
      const { id } = await readOnlyTrack(videoId)
      const [first, second] = await fixture.listCues(id)
      const edited = { ...first!, text: 'Ask not', alternative: null }
      await editCues({ ...ownerDeps(), id, change: { baseRevision: 0, put: [edited], remove: [second!.id] } })
      await requestCaptions(ownerDeps(), { ...ownerDeps(), videoId, translate: false })
      await expect(
        requestCaptions(ownerDeps(), { ...ownerDeps(), videoId, translate: false }),
      ).rejects.toMatchObject({
        code: 'caption.in_progress',
      })
      await fixture.runNextTranscription()
      expect(await fixture.listCaptions(videoId)).toHaveLength(1)
      expect(await fixture.listCues(id)).toEqual([
        expect.objectContaining({ id: first!.id, text: 'Ask not', isEdited: true, alternative: first!.text }),
      ])
      expect((await readOnlyTrack(videoId)).revision).toBeGreaterThan(1)
    },
  )
})

describe('a requested track', () => {
  it('is not created twice when it is already queued automatically', { tags: 'full' }, async () => {
    const videoId = await fixture.uploadVideo(speech)
    const request = { ...ownerDeps(), videoId, translate: false }
    await expect(requestCaptions(ownerDeps(), request)).rejects.toMatchObject({ code: 'caption.in_progress' })
    await requestCaptions(ownerDeps(), { ...request, translate: true })
    await fixture.runNextTranscription()
    await fixture.runNextTranscription()
    expect(await fixture.listCaptions(videoId)).toMatchObject([
      { isTranslation: true, state: 'failed', error: { message: 'PocketSphinx cannot translate.' } },
      { isTranslation: false, state: 'done', cueCount: 2 },
    ])
  })

  it('is not created after it was deleted', { tags: 'full' }, async () => {
    const videoId = await fixture.uploadVideo(speech)
    await fixture.runNextTranscription()
    const { id } = await readOnlyTrack(videoId)
    await requestCaptions(ownerDeps(), { ...ownerDeps(), videoId, translate: false })
    await deleteCaption(ownerDeps(), { id, ownerId: fixture.ownerId })
    expect(await fixture.findTask(videoId)).toMatchObject({ state: 'canceled' })
    expect(await fixture.runNextTranscription()).toBe(false)
    expect(await fixture.listCaptions(videoId)).toEqual([])
  })
})

describe('a video without speech', () => {
  it('quickly gets an empty track with an explanation', async () => {
    const videoId = await fixture.uploadVideo(silence)
    const startedAt = Date.now()
    await fixture.runNextTranscription()
    expect(Date.now() - startedAt).toBeLessThan(5_000)
    expect(await readOnlyTrack(videoId)).toMatchObject({
      state: 'done',
      cueCount: 0,
      note: 'PocketSphinx detected no speech.',
    })
  })

  it('gets no track if it has no audio', async () => {
    const videoId = await fixture.uploadVideo(await generateMedia('silent.mp4'))
    await fixture.runNextTranscription()
    expect(await fixture.listCaptions(videoId)).toEqual([])
    const task = toTaskDto(await fixture.findTask(videoId))
    expect(task).toMatchObject({ state: 'done', label: 'No captions: there is no audio', isSkipped: true })
  })
})

describe('a long video', () => {
  it(
    'is transcribed in parts after its first words, which do not wait for parts of other videos',
    { tags: 'full' },
    async () => {
      const long = await fixture.uploadVideo(longSpeech)
      const short = await fixture.uploadVideo(speech)
      await fixture.runNextJob()
      expect(await fixture.findTask(long)).toMatchObject({ state: 'queued', attempts: 0 })
      await fixture.runNextJob()
      const part = fixture.runNextJob(captionPartTask.name)
      await expect
        .poll(async () => (await fixture.findTask(long, captionPartTask.name)).state)
        .toBe('in_progress')
      expect(await database.db.captionChunk.count()).toBe(0)
      await fixture.runNextJob(captionStartTask.name)
      await part
      expect(await readOnlyTrack(long)).toMatchObject({ state: 'in_progress', cueCount: 2 })
      await fixture.runParts()
      expect(await readOnlyTrack(long)).toMatchObject({
        state: 'done',
        doneSeconds: expect.closeTo(200),
        cueCount: 2,
      })
      await fixture.runNextJob()
      expect(await readOnlyTrack(short)).toMatchObject({ state: 'done', cueCount: 2 })
      const texts = (await fixture.listCues((await readOnlyTrack(long)).id)).map(({ text }) => text)
      expect(texts).toEqual([expect.stringContaining('your country can do for you'), MORNING_SUN_SENTENCE])
      expect(await database.db.captionChunk.count()).toBe(0)
    },
  )
})

describe('the speech engine', () => {
  it('is off, with a sentence on what to do and without a failure, while no model can be downloaded', async () => {
    fixture.settings.CAPTIONS = 'auto'
    const reason =
      'Captions are off: the speech model base is not on this server, and it cannot be downloaded from 127.0.0.1:9. ' +
      'Ask the administrator to add it with npm run models.'
    const videoId = await fixture.uploadVideo(speech)
    await fixture.runNextTranscription()
    expect(await fixture.listCaptions(videoId)).toEqual([])
    const task = await fixture.findTask(videoId)
    expect(task).toMatchObject({
      state: 'done',
      attempts: 1,
      error: null,
      result: { cues: 0, skipped: 'off', reason },
    })
    expect(toTaskDto(task)).toMatchObject({ label: 'Captions are off', isSkipped: true })
    const lines = await database.db.taskLogLine.findMany({ where: { taskId: task.id } })
    expect(lines.map((line) => line.message).join('\n')).toContain(reason)

    await requestCaptions(ownerDeps(), { ...ownerDeps(), videoId, translate: true })
    await fixture.runNextTranscription()
    expect(await readOnlyTrack(videoId)).toMatchObject({ state: 'done', cueCount: 0, note: reason })
  })

  it('keeps what another worker has transcribed while this one has no model', { tags: 'full' }, async () => {
    const videoId = await fixture.uploadVideo(speech)
    await fixture.runNextJob()
    await fixture.runNextJob(captionStartTask.name)
    fixture.settings.CAPTIONS = 'auto'
    await fixture.runNextJob()
    expect(await fixture.findTask(videoId)).toMatchObject({
      state: 'queued',
      error: { code: 'captions.model_unavailable' },
    })
    fixture.settings.CAPTIONS = 'pocketsphinx'
    await database.db.$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE name = 'video.caption'`
    await fixture.runNextJob()
    expect(await readOnlyTrack(videoId)).toMatchObject({ state: 'done', cueCount: 2 })
  })

  it('reports an error and retries while it is unavailable, without affecting the video', async () => {
    fixture.settings.CAPTIONS = 'whisper'
    const videoId = await fixture.uploadVideo(speech)
    await fixture.runNextTranscription()
    expect(await fixture.findTask(videoId)).toMatchObject({
      state: 'queued',
      error: {
        code: 'captions.model_unavailable',
        message: expect.stringContaining('could not be downloaded'),
      },
    })
    expect(await fixture.findTask(videoId, transcodeVideoTask.name)).toMatchObject({ state: 'queued' })
  })

  it('fails only the captions, with an explanation, if it does not support the language', async () => {
    const videoId = await fixture.uploadVideo(speech, { language: 'de' })
    await fixture.runNextTranscription()
    expect(await fixture.findTask(videoId)).toMatchObject({
      state: 'failed',
      error: { message: 'PocketSphinx supports English only.' },
    })
    expect(await fixture.findTask(videoId, transcodeVideoTask.name)).toMatchObject({ state: 'queued' })
  })
})
