import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { ASK_NOT_SENTENCE, generateSpeech } from '@/tests/support/generate-speech'
import { findSpeechModels, installSpeechModels } from '@/tests/support/speech-model'
import { SPEECH_MODELS } from '@/worker/captions/speech/models'
import { listPresentModels, speedOptions } from '@/worker/captions/speech/select-model'
import { findSpeed, measureSpeed, readSpeed } from '@/worker/captions/speech/speed'

const { base, 'moonshine-tiny': moonshine } = SPEECH_MODELS

describe.skipIf(!findSpeechModels())('a video with SPEECH_MODEL=auto and two models', () => {
  const database = useDatabase()
  const fixture = useCaptionFixture(database, { CAPTIONS: 'auto', SPEECH_MODEL: 'auto' })
  let speech: string
  beforeAll(async () => {
    installSpeechModels(fixture.dir, ['whisper-base', 'moonshine-tiny', 'silero-vad'])
    const utterances = [{ text: ASK_NOT_SENTENCE, atSeconds: 1 }]
    speech = await generateSpeech(path.join(fixture.dir, 'speech.mkv'), { utterances, seconds: 6 })
  })

  const speed = () => speedOptions(fixture.context.config)
  const speedFile = (model: typeof base) => path.join(speed().dir, model.folder, 'speed.json')
  const setSpeed = (model: typeof base, realTimeFactor: number) => {
    const file = speedFile(model)
    const measured = JSON.parse(readFileSync(file, 'utf8')) as object
    writeFileSync(file, JSON.stringify({ ...measured, realTimeFactor }))
  }
  const transcribe = async (request: { language?: string } = {}) => {
    const videoId = await fixture.uploadVideo(speech, request)
    await fixture.runNextTranscription()
    const [track] = await fixture.listCaptions(videoId)
    const cues = await fixture.listCues(track!.id)
    return { ...track!, text: cues.map(({ text }) => text).join(' ') }
  }

  it('measures them once, with a synthetic voice', async () => {
    expect(await listPresentModels(fixture.context.config)).toEqual([moonshine, base])
    const options = { ...speed(), signal: new AbortController().signal }
    for (const model of [base, moonshine]) {
      expect(await readSpeed(model, options)).toBeNull()
      const measured = await measureSpeed(model, options)
      expect(measured).toBeGreaterThan(0)
      expect(await readSpeed(model, options)).toBe(measured)
      expect(await readSpeed(model, { ...options, threads: options.threads + 1 })).toBeNull()
    }
  })

  it('measures a model that was too slow again after a day', async () => {
    const options = { ...speed(), signal: new AbortController().signal }
    const daysAgo = (days: number) => Date.now() / 1000 - days * 24 * 60 * 60
    for (const [realTimeFactor, days, isKept] of [
      [99, 0.5, true],
      [0.001, 2, true],
      [99, 2, false],
    ] as const) {
      setSpeed(moonshine, realTimeFactor)
      utimesSync(speedFile(moonshine), daysAgo(days), daysAgo(days))
      expect((await findSpeed(moonshine, options)) === realTimeFactor).toBe(isKept)
    }
  })

  it('is transcribed by the more accurate one if that keeps up', async () => {
    setSpeed(base, 0.5)
    setSpeed(moonshine, 0.1)
    expect(await transcribe()).toMatchObject({ engine: 'whisper', model: 'base', language: 'en' })
  })

  it('is transcribed by the faster one, once its language is identified, if the other does not keep up', async () => {
    setSpeed(base, 1.5)
    setSpeed(moonshine, 0.1)
    expect(await transcribe()).toMatchObject({
      state: 'done',
      engine: 'moonshine',
      model: 'moonshine-tiny',
      label: 'English (automatic)',
      text: expect.stringContaining('your country can do for you'),
    })
  })

  it('is transcribed by the one that supports the requested language', async () => {
    setSpeed(base, 1.5)
    setSpeed(moonshine, 0.1)
    expect(await transcribe({ language: 'de' })).toMatchObject({
      engine: 'whisper',
      model: 'base',
      language: 'de',
    })
  })
})
