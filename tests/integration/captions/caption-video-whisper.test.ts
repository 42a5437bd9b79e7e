import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { captionPartTask, captionStartTask } from '@/lib/captions/tasks'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { findRecognizers } from '@/tests/support/find-recognizer'
import { ASK_NOT_SENTENCE, generateSpeech, generateTwoSentences } from '@/tests/support/generate-speech'
import { findSpeechModels, installSpeechModels } from '@/tests/support/speech-model'

const hasModels = findSpeechModels() !== null

describe.skipIf(!hasModels)('a video that Whisper transcribes', () => {
  const database = useDatabase()
  const fixture = useCaptionFixture(database, { CAPTIONS: 'auto' })
  let speech: string
  beforeAll(async () => {
    installSpeechModels(fixture.dir)
    speech = await generateTwoSentences(path.join(fixture.dir, 'speech.mkv'), {
      secondAtSeconds: 36,
      seconds: 45,
    })
  })

  const readTrack = async (videoId: string) => (await fixture.listCaptions(videoId))[0]!
  const recognizers = () => findRecognizers(path.join(fixture.dir, 'scratch'))

  it('resumes after its last chunk when the recognizer is killed with SIGKILL', async () => {
    const videoId = await fixture.uploadVideo(speech)
    const delivered = fixture.runNextTranscription()
    await expect
      .poll(async () => (await readTrack(videoId))?.cueCount, { interval: 10, timeout: 60_000 })
      .toBe(1)
    process.kill(recognizers()[0]!, 'SIGKILL')
    await delivered
    expect(await fixture.findTask(videoId, captionStartTask.name)).toMatchObject({
      state: 'queued',
      error: { code: 'captions.engine_failed', message: 'Whisper failed: it crashed.' },
    })
    expect(recognizers()).toEqual([])
    const interrupted = await readTrack(videoId)
    const [first] = await fixture.listCues(interrupted.id)

    await database.db
      .$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE name = 'video.caption-start'`
    await fixture.runParts()
    expect(await readTrack(videoId)).toMatchObject({
      state: 'done',
      label: 'English (automatic)',
      engine: 'whisper',
      model: 'base',
      isLowAccuracy: false,
      note: null,
    })
    const cues = await fixture.listCues(interrupted.id)
    expect(cues[0]).toEqual(first)
    expect(cues.map(({ text }) => text.toLowerCase())).toEqual([
      expect.stringContaining('what your country can do for you'),
      expect.stringContaining('happy to see the morning sun'),
    ])
    expect(Math.abs(cues[1]!.startSeconds - 36.1)).toBeLessThan(0.5)
  })

  it('recognizes each sentence once, also where its parts meet', { tags: 'full' }, async () => {
    // Not a multiple of the length of a part, so that both boundaries are in a sentence or near one.
    const utterances = Array.from({ length: 47 }, (_, n) => ({
      text: ASK_NOT_SENTENCE,
      atSeconds: 1 + 7 * n,
    }))
    const file = await generateSpeech(path.join(fixture.dir, 'parts.mkv'), { utterances, seconds: 332 })
    const videoId = await fixture.uploadVideo(file)
    await fixture.runNextTranscription()
    const parts = await database.db.task.findMany({ where: { videoId, partOfId: { not: null } } })
    expect(parts.map(({ kind }) => kind).toSorted()).toContain(captionPartTask.name)
    const track = await readTrack(videoId)
    const text = (await fixture.listCues(track.id)).map((cue) => cue.text).join(' ')
    expect(text.match(/your country can do for you/gi)).toHaveLength(utterances.length)
    const starts = (await fixture.listCues(track.id)).map(({ startSeconds }) => startSeconds)
    expect(starts).toEqual(starts.toSorted((a, b) => a - b))
  })
})
