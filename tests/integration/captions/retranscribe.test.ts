import path from 'node:path'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { deleteCaption } from '@/lib/captions/commands'
import { requestCaptions } from '@/lib/captions/request-captions'
import { retranscribeVideos } from '@/lib/captions/retranscribe'
import { editCues } from '@/lib/captions/revisions'
import { captionVideoTask } from '@/lib/captions/tasks'
import { cancelTask } from '@/lib/tasks/commands'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { generateSpeech, generateTwoSentences, MORNING_SUN_SENTENCE } from '@/tests/support/generate-speech'
import { runScript } from '@/tests/support/run-script'

const database = useDatabase()
const fixture = useCaptionFixture(database)
let speech: string
/** A short one, for tests of which transcriptions run and when. */
let sentence: string

beforeAll(async () => {
  speech = await generateTwoSentences(path.join(fixture.dir, 'speech.mkv'), {
    secondAtSeconds: 36,
    seconds: 45,
  })
  sentence = await generateSpeech(path.join(fixture.dir, 'sentence.mkv'), {
    utterances: [{ text: MORNING_SUN_SENTENCE, atSeconds: 1 }],
    seconds: 4,
  })
})
afterEach(async () => {
  fixture.settings.CAPTIONS = 'pocketsphinx'
  await database.db.video.deleteMany()
  await database.db.$executeRaw`DELETE FROM pgboss.job WHERE name = ${captionVideoTask.name}`
})

const retranscribe = (videoId?: string) =>
  retranscribeVideos({ db: database.db, boss: fixture.boss }, { videoId })

const ownerDeps = () => ({ db: database.db, boss: fixture.boss, ownerId: fixture.ownerId })
const readTrack = async (videoId: string) => (await fixture.listCaptions(videoId))[0]!

/** Uploads the speech with captions that another model seems to have generated. */
async function uploadWithOldCaptions(file = speech) {
  const videoId = await fixture.uploadVideo(file)
  await fixture.runNextTranscription()
  const { id } = await readTrack(videoId)
  await database.db.captionCue.updateMany({ where: { captionId: id }, data: { text: 'old text' } })
  await database.db.caption.update({ where: { id }, data: { model: 'old' } })
  return { videoId, id }
}

it(
  'keeps the captions until the new ones are complete, and a user’s edits after that',
  { tags: 'full' },
  async () => {
    const { videoId, id } = await uploadWithOldCaptions()
    const [first] = await fixture.listCues(id)
    const edited = { ...first!, text: 'Ask not!', alternative: null }
    await editCues({ ...ownerDeps(), id, change: { baseRevision: 0, put: [edited], remove: [] } })
    expect(await retranscribe(videoId)).toEqual({ queued: 1, unfinished: 0, withoutCaptions: 0 })

    const run = fixture.runNextTranscription()
    await expect
      .poll(() => database.db.captionChunk.count({ where: { captionId: id } }), {
        interval: 20,
        timeout: 30_000,
      })
      .toBeGreaterThan(0)
    const { cueCount, model, label } = await readTrack(videoId)
    expect({ cueCount, model, label }).toEqual({
      cueCount: 2,
      model: 'old',
      label: 'English (automatic, low accuracy)',
    })
    expect((await fixture.listCues(id)).map(({ text }) => text)).toEqual(['Ask not!', 'old text'])
    await run

    expect(await readTrack(videoId)).toMatchObject({ state: 'done', model: 'en-us', cueCount: 2 })
    expect(await fixture.listCues(id)).toMatchObject([
      { id: first!.id, text: 'Ask not!', alternative: expect.stringContaining('your country') },
      { text: MORNING_SUN_SENTENCE, isEdited: false },
    ])
    expect(await database.db.captionChunk.count()).toBe(0)
    expect((await fixture.findTask(videoId)).result).toMatchObject({ cues: 2, isBackground: true })
  },
)

it(
  'keeps the captions when it is canceled, and when captions are off by then',
  { tags: 'full' },
  async () => {
    const { videoId, id } = await uploadWithOldCaptions()
    await retranscribe()
    await cancelTask({ ...ownerDeps(), taskId: (await fixture.findTask(videoId)).id })
    expect(await readTrack(videoId)).toMatchObject({ state: 'canceled', cueCount: 2 })
    expect(await retranscribe()).toMatchObject({ queued: 1, unfinished: 0 })
    fixture.settings.CAPTIONS = 'auto'
    await fixture.runNextTranscription()
    expect(await readTrack(videoId)).toMatchObject({
      state: 'done',
      cueCount: 2,
      model: 'old',
      note: expect.stringContaining('Low-accuracy'),
    })
    expect((await fixture.listCues(id)).map(({ text }) => text)).toEqual(['old text', 'old text'])
  },
)

it('queues each transcription once, and none that a user does not want', { tags: 'full' }, async () => {
  const { videoId } = await uploadWithOldCaptions(sentence)
  await requestCaptions(ownerDeps(), { ...ownerDeps(), videoId, translate: true })
  await fixture.runNextTranscription()
  const deleted = await uploadWithOldCaptions(sentence)
  await deleteCaption(ownerDeps(), { id: deleted.id, ownerId: fixture.ownerId })
  await fixture.uploadVideo(await generateMedia('silent.mp4'))
  await fixture.runNextTranscription()
  fixture.settings.CAPTIONS = 'auto'
  const off = await fixture.uploadVideo(sentence)
  await fixture.runNextTranscription()
  expect(await fixture.listCaptions(off)).toEqual([])

  expect(await retranscribe()).toEqual({ queued: 3, unfinished: 0, withoutCaptions: 2 })
  expect(await retranscribe()).toEqual({ queued: 0, unfinished: 3, withoutCaptions: 2 })
})

it('lets every other transcription go first', { tags: 'full' }, async () => {
  const { videoId } = await uploadWithOldCaptions(sentence)
  await retranscribe()
  const upload = await fixture.uploadVideo(sentence)
  const latest = await fixture.uploadVideo(sentence)
  const order: string[] = []
  while (await fixture.runNextTranscription()) {
    const last = await database.db.task.findFirstOrThrow({
      where: { kind: captionVideoTask.name, state: 'done' },
      orderBy: { finishedAt: 'desc' },
    })
    order.push(last.videoId!)
  }
  expect(order).toEqual([upload, latest, videoId])
})

it(
  'is a command that prints counts, and reports an unknown video and a wrong use',
  { tags: 'full' },
  async () => {
    const runAdmin = (...args: string[]) =>
      runScript(['--import', 'tsx', 'scripts/admin.ts', 'captions', 'retranscribe', ...args], {
        DATABASE_URL: database.url,
        DATA_DIR: fixture.dir,
      })
    const { videoId } = await uploadWithOldCaptions()
    expect((await runAdmin('--video', videoId)).output).toContain('Queued: 1\n')
    const all = await runAdmin('--all')
    expect(all).toMatchObject({
      status: 0,
      output: expect.stringMatching(/^Queued: 0\nAlready .*: 1\n.*: 0\n$/),
    })
    const unknownId = '00000000-0000-4000-8000-000000000000'
    const unknown = await runAdmin('--video', unknownId)
    expect(unknown).toMatchObject({ status: 1, output: expect.stringMatching(/not found/i) })
    for (const args of [[], ['--all', '--video', unknownId]])
      expect(await runAdmin(...args)).toMatchObject({ status: 1, output: expect.stringContaining('Usage:') })
  },
)

it('leaves files alone that are to replace others', async () => {
  const { videoId } = await uploadWithOldCaptions(sentence)
  const nextId = await fixture.uploadVideo(sentence, { sha256: 'other' })
  await database.db.task.deleteMany({ where: { videoId: nextId } })
  await database.db.video.update({ where: { id: nextId }, data: { replacesId: videoId } })
  expect(await retranscribe()).toEqual({ queued: 1, unfinished: 0, withoutCaptions: 0 })
})
