import path from 'node:path'
import pino from 'pino'
import { beforeAll, describe, expect, it } from 'vitest'
import { sourceKey } from '@/lib/storage/keys'
import { mediaInfoSchema } from '@/lib/videos/media-info'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { ASK_NOT_SENTENCE, generateSpeech, MORNING_SUN_SENTENCE } from '@/tests/support/generate-speech'
import { findSpeechModels, installSpeechModels } from '@/tests/support/speech-model'
import { FirstWords } from '@/worker/captions/first-words'

describe.skipIf(findSpeechModels() === null)('the first words of a video', () => {
  const database = useDatabase()
  const fixture = useCaptionFixture(database, { CAPTIONS: 'auto' })
  let speech: string
  beforeAll(async () => {
    installSpeechModels(fixture.dir)
    const utterances = [
      { text: ASK_NOT_SENTENCE, atSeconds: 1 },
      { text: MORNING_SUN_SENTENCE, atSeconds: 16 },
    ]
    speech = await generateSpeech(path.join(fixture.dir, 'speech.mkv'), { utterances, seconds: 30 })
  })

  /** Transcribes the start of an uploaded video, as the inspection of a long one does. */
  async function transcribeStart() {
    const videoId = await fixture.uploadVideo(speech)
    const { db } = database
    const { id: taskId } = await fixture.findTask(videoId, inspectVideoTask.name)
    const video = await db.video.findUniqueOrThrow({ where: { id: videoId } })
    const info = { ...mediaInfoSchema.parse(video.mediaInfo), durationSeconds: 3_600 }
    const words = new FirstWords({
      taskId,
      kind: inspectVideoTask,
      payload: { videoId },
      signal: new AbortController().signal,
      log: pino({ level: 'silent' }),
      context: fixture.context,
      report: () => undefined,
      write: (work) => db.$transaction(work),
    })
    await fixture.context.storage.withLocalFile(
      { key: sourceKey(videoId, 'speech.mkv'), signal: new AbortController().signal },
      async (sourcePath) => {
        words.begin({
          sourcePath,
          ownerId: fixture.ownerId,
          found: Promise.resolve({ info }),
          picture: undefined,
        })
        await expect
          .poll(async () => (await fixture.listCaptions(videoId))[0]?.cueCount, {
            interval: 10,
            timeout: 60_000,
          })
          .toBe(1)
      },
    )
    return { videoId, words, info }
  }

  it('are stored before its transcription, which continues after them', async () => {
    const { videoId, words, info } = await transcribeStart()
    await words.end(info)
    const [track] = await fixture.listCaptions(videoId)
    expect(track).toMatchObject({ state: 'in_progress', language: 'en', model: 'base' })
    const [first] = await fixture.listCues(track!.id)
    expect(first!.text.toLowerCase()).toContain('what your country can do for you')

    await fixture.runNextTranscription()
    const tracks = await fixture.listCaptions(videoId)
    expect(tracks).toMatchObject([{ id: track!.id, state: 'done' }])
    const cues = await fixture.listCues(track!.id)
    expect(cues[0]).toEqual(first)
    expect(cues.slice(1).map(({ text }) => text.toLowerCase())).toEqual([
      expect.stringContaining('happy to see the morning sun'),
    ])
  })

  it('are removed if the file turns out to have another sound', async () => {
    const { videoId, words, info } = await transcribeStart()
    await words.end({ ...info, audio: info.audio.map((track) => ({ ...track, index: track.index + 1 })) })
    const [track] = await fixture.listCaptions(videoId)
    expect(track).toMatchObject({ cueCount: 0, language: 'und', state: 'in_progress' })
    expect(await fixture.listCues(track!.id)).toEqual([])

    await fixture.runNextTranscription()
    expect(await fixture.listCues(track!.id)).toHaveLength(2)
  })
})
