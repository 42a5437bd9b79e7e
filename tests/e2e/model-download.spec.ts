import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import path from 'node:path'
import { testModelDir } from '@/scripts/dev/test-model-dir.mjs'
import type { VideoDto } from '@/lib/videos/schema'
import { ASK_NOT_SENTENCE, generateSpeech } from '@/tests/support/generate-speech'
import { findSpeechModels, installSpeechModels } from '@/tests/support/speech-model'
import { SPEECH_MODELS } from '@/worker/captions/speech/models'
import { expect, test } from './fixtures'

// Of the models for tests, Moonshine is the offered one, byte by byte.
const model = SPEECH_MODELS['moonshine-tiny']
// The app is started with its address, so the port is fixed.
const HUB = { host: '127.0.87.17', port: 8717 }
test.use({
  env: {
    CAPTIONS: 'auto',
    SPEECH_MODEL: model.title,
    MODEL_HUB: `http://${HUB.host}:${HUB.port}`,
    MACHINES: 'off',
  },
})

const LARGEST = 'decoder_model_merged.ort'
const ranges: (string | undefined)[] = []
/** The first response with the largest file, which waits in the middle. */
let waiting: ServerResponse | undefined
const hub = createServer((request, response) => {
  const found = Object.entries(model.files).find(([, file]) => request.url === `/${file.path}`)
  if (!found) return response.writeHead(404).end()
  const content = readFileSync(path.join(testModelDir, model.folder, found[0]))
  const { range } = request.headers
  if (found[0] === LARGEST) ranges.push(range)
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
  const contentRange = `bytes ${from}-${content.length - 1}/${content.length}`
  response.writeHead(range ? 206 : 200, {
    'content-length': content.length - from,
    ...(range ? { 'content-range': contentRange } : {}),
  })
  if (found[0] !== LARGEST || range) return response.end(content.subarray(from))
  waiting = response
  response.write(content.subarray(0, content.length / 2))
})
test.beforeAll(async () => {
  await new Promise<void>((resolve) => hub.listen(HUB.port, HUB.host, resolve))
})
test.afterAll(() => {
  hub.closeAllConnections()
  hub.close()
})

test('downloads the speech model at first use, shows it on the page, and resumes after an interruption @full', async ({
  home: page,
  user,
  app,
}, testInfo) => {
  test.skip(!findSpeechModels(), 'no speech model for tests: run node scripts/dev/test-model.mjs')
  installSpeechModels(app.dataDir, ['silero-vad'])
  const file = await generateSpeech(testInfo.outputPath('speech.mkv'), {
    utterances: [{ text: ASK_NOT_SENTENCE, atSeconds: 1 }],
    seconds: 6,
    hasVideo: true,
  })
  const url = '/api/v1/videos?filename=speech.mkv'
  const response = await user.fetch(url, { method: 'POST', body: readFileSync(file) })
  const { video } = (await response.json()) as { video: VideoDto }
  await page.goto(`/videos/${video.id}`)
  const progress = page.getByText(/Downloading the speech model moonshine-tiny · 28\.\d MB of 44\.2 MB/)
  await expect(progress.first()).toBeVisible({ timeout: 60_000 })
  await page.screenshot({ path: testInfo.outputPath('download.png') })

  waiting!.destroy()
  await expect(page.getByRole('list', { name: 'Transcript' })).toContainText(/your country can do for you/i, {
    timeout: 60_000,
  })
  expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d+-$/)])
})
