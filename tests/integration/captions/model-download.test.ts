import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { testModelDir } from '@/scripts/dev/test-model-dir.mjs'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { useFileServer } from '@/tests/support/file-server'
import { ASK_NOT_SENTENCE, generateSpeech } from '@/tests/support/generate-speech'
import { findSpeechModels, installSpeechModels } from '@/tests/support/speech-model'
import { SPEECH_MODELS } from '@/worker/captions/speech/models'

// Of the models for tests, Moonshine is the offered one, byte by byte.
const model = SPEECH_MODELS['moonshine-tiny']
const largest = model.files['decoder_model_merged.ort']!

describe.skipIf(!findSpeechModels())('the first video of a server without a model', { tags: 'full' }, () => {
  const hub = useFileServer()
  const database = useDatabase()
  const fixture = useCaptionFixture(database, { CAPTIONS: 'auto', SPEECH_MODEL: 'moonshine-tiny' })
  let speech: string
  beforeAll(async () => {
    fixture.settings.MODEL_HUB = hub.url('')
    installSpeechModels(fixture.dir, ['silero-vad'])
    for (const [name, file] of Object.entries(model.files))
      hub.files.set(file.path, readFileSync(path.join(testModelDir, model.folder, name)))
    const utterances = [{ text: ASK_NOT_SENTENCE, atSeconds: 1 }]
    speech = await generateSpeech(path.join(fixture.dir, 'speech.mkv'), { utterances, seconds: 6 })
  })

  it('shows the download of the model, resumes it after an interruption, and is then transcribed', async () => {
    let waiting: ServerResponse | undefined
    hub.sendBody = (response, bytes) => {
      const { name, range } = hub.requests.at(-1)!
      if (name !== largest.path || range) return response.end(bytes)
      waiting = response
      response.write(bytes.subarray(0, bytes.length / 2))
    }
    const videoId = await fixture.uploadVideo(speech)
    const transcription = fixture.runNextTranscription()
    await expect
      .poll(async () => (await fixture.findTask(videoId)).stage, { interval: 50, timeout: 30_000 })
      .toMatch(/^Downloading the speech model moonshine-tiny · 28\.\d MB of 44\.2 MB$/)
    waiting!.destroy()
    await transcription

    const requests = hub.requests.filter(({ name }) => name === largest.path)
    expect(requests.map(({ range }) => range)).toEqual([
      undefined,
      expect.stringMatching(/^bytes=[1-9]\d+-$/),
    ])
    const [track] = await fixture.listCaptions(videoId)
    expect(track).toMatchObject({ state: 'done', model: 'moonshine-tiny' })
    const cues = await fixture.listCues(track!.id)
    expect(cues.map(({ text }) => text).join(' ')).toMatch(/what your country can do for you/i)
  })
})
