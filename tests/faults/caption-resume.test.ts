import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CaptionDto, CuesDto } from '@/lib/captions/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import type { TestUser } from '@/tests/support/accounts'
import { type App, startApp } from '@/tests/support/app'
import { findProcesses } from '@/tests/support/processes'
import { ASK_NOT_SENTENCE, generateSpeech, MORNING_SUN_SENTENCE } from '@/tests/support/generate-speech'

let app: App
let user: TestUser

beforeAll(async () => {
  app = await startApp({ CAPTIONS: 'pocketsphinx', MACHINES: 'off' })
  user = await app.createUser('fault@example.com', { isAdmin: true })
})
afterAll(() => app.stop())

const findTranscriberProcesses = () =>
  findProcesses(app.dataDir).filter(({ command }) => command.includes('pocketsphinx_continuous'))

it('resumes a transcription after the last finished chunk when the worker is killed with SIGKILL', async () => {
  const utterances = [1, 31, 61, 91].map((atSeconds, n) => ({
    text: n % 2 ? MORNING_SUN_SENTENCE : ASK_NOT_SENTENCE,
    atSeconds,
  }))
  const file = await generateSpeech(path.join(app.dataDir, 'speech.mkv'), { utterances, seconds: 120 })
  const upload = '/api/v1/videos?filename=speech.mkv'
  const { video } = await user.fetchJson<{ video: VideoDto }>(upload, {
    method: 'POST',
    body: readFileSync(file),
  })
  const tracks = async () => (await user.fetchJson<{ captions: CaptionDto[] }>(video.urls.captions)).captions
  const cues = async () => (await user.fetchJson<CuesDto>((await tracks())[0]!.urls.cues)).cues
  await expect.poll(async () => (await tracks())[0]?.cueCount, { timeout: 60_000 }).toBeGreaterThan(0)
  process.kill(app.findPid('dist/worker.js'), 'SIGKILL')
  const cuesAtKill = await cues()
  await expect.poll(findTranscriberProcesses, { timeout: 2_000 }).toEqual([])
  await expect.poll(async () => (await tracks())[0]!.state, { timeout: 120_000, interval: 500 }).toBe('done')
  const finalCues = await cues()
  expect(finalCues.slice(0, cuesAtKill.length)).toEqual(cuesAtKill)
  expect(finalCues.map((cue) => Math.round(cue.startSeconds / 30))).toEqual([0, 1, 2, 3])
  const { tasks } = await user.fetchJson<{ tasks: TaskDto[] }>(
    `/api/v1/tasks?videoId=${video.id}&kind=video.caption`,
  )
  // The death of a worker does not count as an attempt (decision 0010).
  expect(tasks).toMatchObject([{ state: 'done', attempts: 1 }])
})
