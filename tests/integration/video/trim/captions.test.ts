import { beforeAll, describe, expect, it } from 'vitest'
import { captionVideoTask } from '@/lib/captions/tasks'
import { copyShiftedCaptions } from '@/lib/videos/trim/shift-captions'
import { createBareVideo } from '@/tests/support/bare-video'
import { createOwner, useDatabase } from '@/tests/support/database'
import { wordsBySecond } from '@/tests/support/words-by-second'
import { openTrack } from '@/worker/captions/open-track'

const RANGE = { startSeconds: 10, endSeconds: 20 }
const database = useDatabase()
let ownerId: string
beforeAll(async () => {
  ownerId = (await createOwner(database.db)).id
})

const createVideo = () => createBareVideo(database.db, ownerId)

interface Cue {
  startSeconds: number
  endSeconds: number
  text: string
  words?: { text: string; startSeconds: number; endSeconds: number; confidence: null }[]
  isRemoved?: boolean
}

/** Trims a video with a track of these cues to the range. */
async function trim(cues: Cue[], track: object = {}) {
  const [fromId, toId] = [await createVideo(), await createVideo()]
  await database.db.caption.create({
    data: {
      ownerId,
      videoId: fromId,
      language: 'en',
      source: 'speech',
      state: 'done',
      doneSeconds: 60,
      streamIndex: 3,
      revision: 7,
      ...track,
      cues: { create: cues },
    },
  })
  await database.db.$transaction((tx) => copyShiftedCaptions(tx, { fromId, toId, ...RANGE }))
  const [caption] = await database.db.caption.findMany({
    where: { videoId: toId },
    include: { cues: { orderBy: { startSeconds: 'asc' } } },
  })
  return caption
}

describe('the captions of a trimmed video', () => {
  it('are those of the range, on its timeline', async () => {
    const caption = await trim([
      { startSeconds: 2, endSeconds: 4, text: 'secret' },
      { startSeconds: 12, endSeconds: 14, text: 'kept words', words: wordsBySecond('kept words', 12) },
      { startSeconds: 15, endSeconds: 16, text: 'removed', isRemoved: true },
      { startSeconds: 22, endSeconds: 24, text: 'secret' },
    ])
    expect(caption).toMatchObject({
      cueCount: 1,
      revision: 0,
      streamIndex: null,
      doneSeconds: 10,
      language: 'en',
    })
    expect(caption!.cues).toMatchObject([
      { startSeconds: 2, endSeconds: 4, text: 'kept words', words: wordsBySecond('kept words', 2) },
      { startSeconds: 5, endSeconds: 6, text: 'removed', isRemoved: true },
    ])
    expect(Number(caption!.storedBytes)).toBeGreaterThan(0)
  })

  it('lose the words that were cut in the middle of a cue', async () => {
    const caption = await trim([
      {
        startSeconds: 8,
        endSeconds: 12,
        text: 'very secret but kept',
        words: wordsBySecond('very secret but kept', 8),
      },
      {
        startSeconds: 19,
        endSeconds: 22,
        text: 'last secret words',
        words: wordsBySecond('last secret words', 19),
      },
    ])
    expect(caption!.cues).toMatchObject([
      { startSeconds: 0, endSeconds: 2, text: 'but kept', words: wordsBySecond('but kept', 0) },
      { startSeconds: 9, endSeconds: 10, text: 'last' },
    ])
    expect(JSON.stringify(caption!.cues)).not.toContain('secret')
  })

  it('keep a cue without times of words if most of it stays', async () => {
    const caption = await trim([
      { startSeconds: 9, endSeconds: 12, text: 'mostly kept' },
      { startSeconds: 18, endSeconds: 30, text: 'mostly cut' },
      {
        startSeconds: 19,
        endSeconds: 22,
        text: 'edited text',
        words: wordsBySecond('last secret words', 19),
      },
    ])
    expect(caption!.cues).toMatchObject([
      { startSeconds: 0, endSeconds: 2, text: 'mostly kept', words: null },
    ])
  })

  it('are left out while they are generated', async () => {
    expect(await trim([], { state: 'in_progress' })).toBeUndefined()
  })
})

it('leaves the track of the whole alone when a transcription is retried that had failed before the trim', async () => {
  const [wholeId, videoId] = [await createVideo(), await createVideo()]
  const task = await database.db.task.create({
    data: {
      kind: captionVideoTask.name,
      queue: captionVideoTask.name,
      ownerId,
      videoId,
      payload: {},
      maxAttempts: 1,
    },
  })
  const track = { ownerId, language: 'en', source: 'speech', state: 'failed' } as const
  const ofWhole = await database.db.caption.create({ data: { ...track, videoId: wholeId, taskId: task.id } })
  const opened = await database.db.$transaction((tx) =>
    openTrack(tx, {
      taskId: task.id,
      request: { videoId, translate: false },
      ownerId,
      choice: { transcriber: { name: 'a', model: 'b', isLowAccuracy: false, languages: ['en'] } } as never,
    }),
  )
  expect(opened).toMatchObject({ videoId, taskId: task.id })
  expect(await database.db.caption.findUnique({ where: { id: ofWhole.id } })).toMatchObject({
    state: 'failed',
  })
})
