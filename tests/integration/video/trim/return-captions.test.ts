// Over 200 lines because all cases of edited captions share one trimmed video and its database.

import { randomUUID } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { deleteCaption, updateCaption } from '@/lib/captions/commands'
import { editCues, listRevisions, renameSpeaker, revertRevision } from '@/lib/captions/revisions'
import { copyShiftedCaptions } from '@/lib/videos/trim/shift-captions'
import { returnCaptions } from '@/lib/videos/trim/return-captions'
import { createOwner, useDatabase } from '@/tests/support/database'
import { createBareVideo } from '@/tests/support/bare-video'
import { rejectionOf } from '@/tests/support/rejection-of'
import { wordsBySecond } from '@/tests/support/words-by-second'

const range = { startSeconds: 10, endSeconds: 20 }
const database = useDatabase()
let ownerId: string
beforeAll(async () => {
  ownerId = (await createOwner(database.db)).id
})

const cue = (text: string, startSeconds: number, endSeconds: number, more: object = {}) => ({
  text,
  startSeconds,
  endSeconds,
  ...more,
})

const CUES = [
  cue('before', 2, 4),
  cue('cut in half here', 8, 12, { words: wordsBySecond('cut in half here', 8), speaker: 'Speaker 1' }),
  cue('wrong', 13, 14, { words: wordsBySecond('wrong', 13) }),
  cue('noise', 15, 16),
  cue('kept', 16, 17, { words: wordsBySecond('kept', 16) }),
  cue('last words cut off', 18, 22, { words: wordsBySecond('last words cut off', 18) }),
  cue('after', 24, 26),
]

/** A video with a track, and its trimmed copy as a video. */
async function createTrimmed() {
  const [wholeId, trimmedId] = [
    await createBareVideo(database.db, ownerId),
    await createBareVideo(database.db, ownerId),
  ]
  const { id: wholeTrackId } = await database.db.caption.create({
    data: {
      ownerId,
      videoId: wholeId,
      language: 'en',
      source: 'speech',
      state: 'done',
      cues: { create: CUES },
    },
  })
  await database.db.$transaction((tx) =>
    copyShiftedCaptions(tx, { fromId: wholeId, toId: trimmedId, ...range }),
  )
  const track = await database.db.caption.findFirstOrThrow({ where: { videoId: trimmedId } })
  const readCues = (captionId: string) =>
    database.db.captionCue.findMany({ where: { captionId }, orderBy: { startSeconds: 'asc' } })
  return {
    wholeId,
    trimmedId,
    wholeTrackId,
    trackId: track.id,
    find: async (text: string) => (await readCues(track.id)).find((one) => one.text === text)!,
    edit: async (change: { put?: object[]; remove?: string[] }) => {
      const { revision: baseRevision } = await database.db.caption.findUniqueOrThrow({
        where: { id: track.id },
      })
      const { put = [], remove = [] } = change
      await editCues({
        db: database.db,
        id: track.id,
        ownerId,
        change: { baseRevision, put: put as never, remove },
      })
    },
    restore: () =>
      database.db.$transaction((tx) =>
        returnCaptions(tx, { fromId: trimmedId, toId: wholeId, ownerId, range }),
      ),
    readWhole: async () =>
      (await readCues(wholeTrackId)).flatMap(({ text, startSeconds, endSeconds, isRemoved }) =>
        isRemoved ? [] : [[text, startSeconds, endSeconds]],
      ),
  }
}
const ORIGINAL = CUES.map(({ text, startSeconds, endSeconds }) => [text, startSeconds, endSeconds])

it('leaves the track of the whole as it was if nothing was edited', async () => {
  const video = await createTrimmed()
  await video.restore()
  expect(await video.readWhole()).toEqual(ORIGINAL)
  expect(await listRevisions({ db: database.db, id: video.wholeTrackId, ownerId })).toEqual([])
})

it('gives edits to the whole, on its timeline, as one revision that can be reverted', async () => {
  const video = await createTrimmed()
  const wrong = await video.find('wrong')
  await video.edit({
    put: [
      { id: wrong.id, startSeconds: 3.5, endSeconds: 4.5, text: 'right' },
      { id: randomUUID(), startSeconds: 7.2, endSeconds: 7.8, text: 'added' },
    ],
    remove: [(await video.find('noise')).id],
  })
  await video.restore()
  const expected = [
    ['before', 2, 4],
    ['cut in half here', 8, 12],
    ['right', 13.5, 14.5],
    ['kept', 16, 17],
    ['added', 17.2, 17.8],
    ['last words cut off', 18, 22],
    ['after', 24, 26],
  ]
  expect(await video.readWhole()).toEqual(expected)
  const { revision, cueCount } = await database.db.caption.findUniqueOrThrow({
    where: { id: video.wholeTrackId },
  })
  expect(cueCount).toBe(expected.length)
  const target = { db: database.db, id: video.wholeTrackId, ownerId }
  await revertRevision({ ...target, baseRevision: revision, number: revision })
  expect(await video.readWhole()).toEqual(ORIGINAL)
})

it('keeps the words outside of the range of an edited cue that was cut', async () => {
  const video = await createTrimmed()
  const first = await video.find('half here')
  const last = await video.find('last words')
  await video.edit({
    put: [{ id: first.id, startSeconds: 0, endSeconds: 2, text: 'halves there' }],
    remove: [last.id],
  })
  await renameSpeaker({ db: database.db, id: video.trackId, ownerId, from: 'Speaker 1', to: 'Ada' })
  await video.restore()
  expect(await video.readWhole()).toEqual([
    ['before', 2, 4],
    ['cut in halves there', 8, 12],
    ['wrong', 13, 14],
    ['noise', 15, 16],
    ['kept', 16, 17],
    ['cut off', 20, 22],
    ['after', 24, 26],
  ])
  const cues = await database.db.captionCue.findMany({ where: { captionId: video.wholeTrackId } })
  expect(cues.find(({ text }) => text.startsWith('cut in'))).toMatchObject({ speaker: 'Ada', isEdited: true })
})

it('replaces what a new transcription of the range has replaced', async () => {
  const video = await createTrimmed()
  await database.db.captionCue.deleteMany({ where: { captionId: video.trackId } })
  await database.db.captionCue.create({ data: { captionId: video.trackId, ...cue('all new', 0, 9.5) } })
  await database.db.caption.update({
    where: { id: video.wholeTrackId },
    data: { note: 'Old.', noteSource: { id: 'caption-errors.old' } },
  })
  await database.db.caption.update({ where: { id: video.trackId }, data: { revision: 1, engine: 'better' } })
  await video.restore()
  expect(await video.readWhole()).toEqual([
    ['before', 2, 4],
    ['cut in', 8, 10],
    ['all new', 10, 19.5],
    ['cut off', 20, 22],
    ['after', 24, 26],
  ])
  expect(await database.db.caption.findUnique({ where: { id: video.wholeTrackId } })).toMatchObject({
    engine: 'better',
    note: null,
    noteSource: null,
    cueCount: 5,
  })
})

it('refuses edits of a track of the whole, such as those of an editor that was opened before the trim', async () => {
  const { db } = database
  const { wholeId, trimmedId, wholeTrackId, readWhole } = await createTrimmed()
  await db.video.update({ where: { id: wholeId }, data: { wholeOfId: trimmedId, deletedAt: new Date() } })
  const put = [{ id: randomUUID(), startSeconds: 13, endSeconds: 14, text: 'lost', alternative: null }]
  const edit = editCues({ db, id: wholeTrackId, ownerId, change: { baseRevision: 0, put, remove: [] } })
  expect(await rejectionOf(edit)).toMatchObject({ code: 'caption.not_found' })
  expect(await readWhole()).toEqual(ORIGINAL)
})

it('refuses to change and delete a track of the whole, whose transcription continues', async () => {
  const { db } = database
  const { wholeId, trimmedId, wholeTrackId } = await createTrimmed()
  const task = await db.task.create({
    data: {
      kind: 'video.caption',
      queue: 'video.caption',
      maxAttempts: 1,
      ownerId,
      videoId: wholeId,
      payload: {},
    },
  })
  await db.caption.update({ where: { id: wholeTrackId }, data: { taskId: task.id } })
  await db.video.update({ where: { id: wholeId }, data: { wholeOfId: trimmedId, deletedAt: new Date() } })
  const target = { id: wholeTrackId, ownerId }
  const change = updateCaption(db, { ...target, language: 'fr' })
  expect(await rejectionOf(change)).toMatchObject({ code: 'caption.not_found' })
  // Without a queue, to which a task that is canceled would be reported.
  const deletion = deleteCaption({ db, boss: undefined as never }, target)
  expect(await rejectionOf(deletion)).toMatchObject({ code: 'caption.not_found' })
  expect(await db.caption.findUnique({ where: { id: wholeTrackId } })).toMatchObject({ language: 'en' })
  expect(await db.task.findUnique({ where: { id: task.id } })).toMatchObject({
    state: 'queued',
  })
})

it('moves added tracks, and deletes those of which the copy was deleted', async () => {
  const video = await createTrimmed()
  await database.db.caption.delete({ where: { id: video.trackId } })
  const create = (source: 'sidecar' | 'speech', state: 'done' | 'canceled' = 'done') =>
    database.db.caption.create({
      data: {
        ownerId,
        videoId: video.trimmedId,
        language: 'de',
        source,
        state,
        revision: 4,
        cues: { create: [cue('neu', 1, 2, { words: wordsBySecond('neu', 1) })] },
      },
    })
  const [sidecar, speech, part] = [
    await create('sidecar'),
    await create('speech'),
    await create('speech', 'canceled'),
  ]
  const requests = await video.restore()
  expect(requests).toMatchObject([{ language: 'de', translate: false, isBackground: true }])
  const tracks = await database.db.caption.findMany({
    where: { videoId: video.wholeId },
    orderBy: { id: 'asc' },
  })
  expect(tracks.map(({ id }) => id)).toEqual([sidecar.id, speech.id])
  expect(await database.db.captionCue.findFirst({ where: { captionId: sidecar.id } })).toMatchObject({
    startSeconds: 11,
    endSeconds: 12,
    words: wordsBySecond('neu', 11),
  })
  expect(await database.db.caption.findUnique({ where: { id: part.id } })).toMatchObject({
    videoId: video.trimmedId,
  })
})
