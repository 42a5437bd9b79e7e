import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { importCaptionFile } from '@/lib/captions/import-file'
import { requestTranslation } from '@/lib/captions/request-translation'
import { editCues } from '@/lib/captions/revisions'
import { translateCaptionTask } from '@/lib/captions/tasks'
import { config } from '@/lib/config/config'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { startTranslationServer, translate } from '@/tests/support/translation-server'

const database = useDatabase()
const fixture = useCaptionFixture(database)

let service: Awaited<ReturnType<typeof startTranslationServer>>
let track: { id: string; videoId: string; ownerId: string }
beforeAll(async () => {
  service = await startTranslationServer()
  const { url } = service
  Object.assign(config(), { TRANSLATION_URL: url })
  Object.assign(fixture.settings, { TRANSLATION_URL: url, TRANSLATION_API_KEY: 'key' })
})
afterAll(async () => {
  Object.assign(config(), { TRANSLATION_URL: undefined })
  await service.stop()
})
beforeEach(async () => {
  await database.db.video.deleteMany()
  // Retries of earlier tests.
  await fixture.boss.deleteQueuedJobs(translateCaptionTask.name)
  service.requests.length = 0
  service.answer = translate
  const videoId = await fixture.uploadVideo(await generateMedia('web-safe.mp4'))
  const lines = Array.from(
    { length: 60 },
    (_, n) =>
      `00:${String(n).padStart(2, '0')}.000 --> 00:${String(n).padStart(2, '0')}.900\n<v Ada>Line ${n}\n`,
  )
  const bytes = Buffer.from(`WEBVTT\n\n${lines.join('\n')}`)
  const { ownerId } = fixture
  const { id } = await importCaptionFile(database.db, { videoId, ownerId, bytes, language: 'en' })
  track = { id, videoId, ownerId }
})

const request = (language = 'de') =>
  requestTranslation({ db: database.db, boss: fixture.boss }, { ...track, language })
const run = () => fixture.runNextJob(translateCaptionTask.name)
const findTrack = async (id: string) =>
  (await fixture.listCaptions(track.videoId)).find((one) => one.id === id)!
const readTexts = async (id: string) => (await fixture.listCues(id)).map((cue) => cue.text)
const allowRetry = () =>
  database.db.$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE name = ${translateCaptionTask.name}`

it('translates a track in batches into a track of its own, with times and speakers', async () => {
  const { captionId } = await request()
  expect(await findTrack(captionId)).toMatchObject({ state: 'queued', source: 'translation' })
  await run()
  expect(await findTrack(captionId)).toMatchObject({
    state: 'done',
    label: 'German (translated)',
    isTranslation: true,
    cueCount: 60,
  })
  const cues = await fixture.listCues(captionId)
  expect(cues[59]).toMatchObject({ startSeconds: 59, endSeconds: 59.9, text: 'de: Line 59', speaker: 'Ada' })
  expect(service.requests.map(({ q }) => q.length)).toEqual([25, 25, 10])
  expect(service.requests[0]).toMatchObject({ source: 'en', target: 'de', api_key: 'key' })
})

it('resumes after the last batch when the service fails in between', async () => {
  service.answer = (body, response) =>
    service.requests.length === 2 ? response.writeHead(503).end() : translate(body, response)
  const { captionId, taskId } = await request()
  await run()
  expect(await fixture.findTask(track.videoId, translateCaptionTask.name)).toMatchObject({
    id: taskId,
    state: 'queued',
    error: { message: 'The translation service responded with 503.' },
  })
  expect(await readTexts(captionId)).toHaveLength(25)
  await allowRetry()
  await run()
  expect(await readTexts(captionId)).toEqual(Array.from({ length: 60 }, (_, n) => `de: Line ${n}`))
  expect(service.requests.map(({ q }) => q[0])).toEqual(['Line 0', 'Line 25', 'Line 25', 'Line 50'])
})

it('ends its request when it is canceled in the middle, keeps what is translated, and resumes on retry', async () => {
  let hasEnded = false
  service.answer = (body, response) => {
    if (service.requests.length === 1) return translate(body, response)
    response.on('close', () => (hasEnded = true))
  }
  const { captionId, taskId } = await request()
  const running = run()
  await expect.poll(() => service.requests.length).toBe(2)
  const target = { db: database.db, boss: fixture.boss, taskId, ownerId: track.ownerId }
  await cancelTask(target)
  await running
  await expect.poll(() => hasEnded).toBe(true)
  expect(await findTrack(captionId)).toMatchObject({ state: 'canceled', cueCount: 25, doneSeconds: 25 })
  service.answer = translate
  await retryTask(target)
  await run()
  expect(await findTrack(captionId)).toMatchObject({ state: 'done', cueCount: 60 })
  expect(service.requests.map(({ q }) => q[0])).toEqual(['Line 0', 'Line 25', 'Line 25', 'Line 50'])
})

it.each<[string, typeof translate, string]>([
  ['too few lines', (_, response) => response.end('{"translatedText":["one"]}'), 'sent an invalid response'],
  ['no JSON', (_, response) => response.end('<html>'), 'sent an invalid response'],
  ['too much', (_, response) => response.end('"'.repeat(2 ** 21)), 'sent too much'],
  ['a redirect', (_, response) => response.writeHead(302, { location: '/' }).end(), 'cannot be reached'],
])('does not store a response with %s', async (_, invalid, problem) => {
  service.answer = invalid
  const { captionId } = await request()
  await run()
  expect(await fixture.findTask(track.videoId, translateCaptionTask.name)).toMatchObject({
    state: 'queued',
    error: { message: `The translation service ${problem}.` },
  })
  expect(await readTexts(captionId)).toEqual([])
})

it('fails at once if the service does not offer the language', async () => {
  service.answer = (_, response) => response.writeHead(400).end('{"error":"de is not supported"}')
  const { captionId } = await request()
  await run()
  expect(await findTrack(captionId)).toMatchObject({
    state: 'failed',
    error: { message: 'The translation service refuses to translate English to German (400).' },
  })
})

it('keeps what users have edited when it translates again, and repeats an earlier translation', async () => {
  const { captionId } = await request()
  await run()
  const [first] = await fixture.listCues(captionId)
  const { revision } = await findTrack(captionId)
  const put = [{ ...first!, text: 'Zeile 0' }]
  const change = { baseRevision: revision, put, remove: [] }
  await editCues({ db: database.db, id: captionId, ownerId: track.ownerId, change })
  service.answer = ({ q }, response) =>
    response.end(JSON.stringify({ translatedText: q.map((line) => `neu: ${line}`) }))
  expect((await request()).captionId).toBe(captionId)
  await expect(request()).rejects.toMatchObject({ code: 'caption.in_progress' })
  await run()
  const [edited, ...others] = await fixture.listCues(captionId)
  expect(edited).toMatchObject({ text: 'Zeile 0', alternative: 'neu: Line 0' })
  expect(others.map((cue) => cue.text)).toEqual(Array.from({ length: 59 }, (_, n) => `neu: Line ${n + 1}`))
})

it('refuses a translation into the same language', async () => {
  await expect(request('en-GB')).rejects.toMatchObject({ code: 'caption.not_translatable' })
})
