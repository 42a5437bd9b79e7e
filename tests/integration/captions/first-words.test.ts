import path from 'node:path'
import pino from 'pino'
import { beforeAll, describe, expect, it } from 'vitest'
import { sourceKey } from '@/lib/storage/keys'
import { mediaInfoSchema } from '@/lib/videos/media-info'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { cancelTask } from '@/lib/tasks/commands'
import { findRecognizers } from '@/tests/support/find-recognizer'
import { useDatabase } from '@/tests/support/database'
import { generateTwoSentences } from '@/tests/support/generate-speech'
import { findSpeechModels, installSpeechModels } from '@/tests/support/speech-model'
import { FirstWords } from '@/worker/captions/first-words'

const POLL = { interval: 10, timeout: 60_000 }

describe.skipIf(findSpeechModels() === null)('the first words of a video', () => {
  const database = useDatabase()
  const fixture = useCaptionFixture(database, { CAPTIONS: 'auto' })
  let speech: string
  beforeAll(async () => {
    installSpeechModels(fixture.dir)
    speech = await generateTwoSentences(path.join(fixture.dir, 'speech.mkv'), {
      secondAtSeconds: 16,
      seconds: 30,
    })
  })

  async function uploadSpeech() {
    const videoId = await fixture.uploadVideo(speech)
    const { db } = database
    const { id: taskId } = await fixture.findTask(videoId, inspectVideoTask.name)
    const video = await db.video.findUniqueOrThrow({ where: { id: videoId } })
    const info = { ...mediaInfoSchema.parse(video.mediaInfo), durationSeconds: 3_600 }
    const { signal } = new AbortController()
    const file = { key: sourceKey(videoId, 'speech.mkv'), signal }
    const sourcePath = await fixture.context.storage.withLocalFile(file, async (local) => local)
    return {
      videoId,
      info,
      /** Begins to transcribe the start, as the inspection of a long video does. */
      inspect(picture?: Promise<void>) {
        const words = new FirstWords({
          taskId,
          kind: inspectVideoTask,
          payload: { videoId },
          signal,
          log: pino({ level: 'silent' }),
          context: fixture.context,
          report: () => undefined,
          write: (work) => db.$transaction(work),
          writeTogether: async () => {},
        })
        const { ownerId } = fixture
        const finished = words.begin({ sourcePath, ownerId, found: Promise.resolve({ info }), picture })
        return { words, finished }
      },
    }
  }

  const awaitWords = (videoId: string) =>
    expect.poll(async () => (await fixture.listCaptions(videoId))[0]?.cueCount, POLL).toBe(1)

  it('are stored before its transcription, which continues after them', async () => {
    const { videoId, info, inspect } = await uploadSpeech()
    const { words } = inspect()
    await awaitWords(videoId)
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

  it('are not written for a transcription that was canceled meanwhile', async () => {
    const { videoId, info, inspect } = await uploadSpeech()
    const picture = Promise.withResolvers<void>()
    const { words, finished } = inspect(picture.promise)
    await expect.poll(() => findRecognizers(path.join(fixture.dir, 'scratch')), POLL).toHaveLength(1)
    const task = await fixture.findTask(videoId)
    await cancelTask({ db: database.db, boss: fixture.boss, taskId: task.id, ownerId: fixture.ownerId })
    picture.resolve()
    await finished
    await words.end(info)
    expect(await fixture.listCaptions(videoId)).toEqual([])
  })

  it('of an interrupted inspection are recognized again', async () => {
    const { videoId, info, inspect } = await uploadSpeech()
    const { words: interrupted } = inspect()
    await awaitWords(videoId)
    await interrupted.cancel()
    await database.db.captionCue.updateMany({ data: { text: 'of another sound' } })
    const { words: again } = inspect()
    await again.end(info)
    await fixture.runNextTranscription()
    const [track] = await fixture.listCaptions(videoId)
    const [first] = await fixture.listCues(track!.id)
    expect(first!.text.toLowerCase()).toContain('what your country can do for you')
  })

  it('are removed if the file turns out to have another sound', async () => {
    const { videoId, info, inspect } = await uploadSpeech()
    const { words } = inspect()
    await awaitWords(videoId)
    await words.end({ ...info, audio: info.audio.map((track) => ({ ...track, index: track.index + 1 })) })
    const [track] = await fixture.listCaptions(videoId)
    expect(track).toMatchObject({ cueCount: 0, language: 'und', state: 'in_progress' })
    expect(await fixture.listCues(track!.id)).toEqual([])

    await fixture.runNextTranscription()
    expect(await fixture.listCues(track!.id)).toHaveLength(2)
  })
})
