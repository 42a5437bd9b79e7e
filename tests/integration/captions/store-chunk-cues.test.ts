import { beforeAll, beforeEach, expect, it } from 'vitest'
import { findCues } from '@/lib/captions/queries'
import { createOwner, useDatabase } from '@/tests/support/database'
import { storeChunkCues } from '@/worker/captions/store-chunk-cues'

const database = useDatabase()
let ownerId: string
let captionId: string

beforeAll(async () => void (ownerId = (await createOwner(database.db)).id))
beforeEach(async () => {
  const { db } = database
  const file = { filename: 'v.mp4', sizeBytes: 1, sha256: '', sourceKey: '' }
  const video = await db.video.create({ data: { ownerId, title: 'Speech', ...file } })
  const track = { ownerId, videoId: video.id, language: 'und', source: 'speech' } as const
  captionId = (await db.caption.create({ data: track })).id
})

type CueSpan = [from: number, to: number, text: string]

const insertEditedCues = (spans: CueSpan[], more: { isRemoved?: boolean } = {}) =>
  database.db.captionCue.createMany({
    data: spans.map(([startSeconds, endSeconds, text]) => ({
      captionId,
      startSeconds,
      endSeconds,
      text,
      isEdited: true,
      ...more,
    })),
  })
const storeTranscribed = (startSeconds: number, endSeconds: number, spans: CueSpan[], language = 'en') =>
  database.db.$transaction((tx) => {
    const cues = spans.map(([from, to, text]) => ({
      startSeconds: from,
      endSeconds: to,
      text,
      confidence: null,
      words: null,
    }))
    return storeChunkCues(tx, { captionId, startSeconds, endSeconds, cues, language })
  })
const readStoredCues = async () =>
  (await findCues(database.db, captionId)).map(({ text, alternative }) => [text, alternative])

it('stores no alternative if a user only split or merged cues', async () => {
  await insertEditedCues([
    [0, 2, 'Ask not'],
    [2, 4, 'what your country'],
    [4, 8, 'can do for you ask'],
  ])
  await storeTranscribed(0, 10, [
    [0, 4, 'ask not what your country'],
    [4, 6, 'can do for you'],
    [6, 8, 'ask'],
  ])
  expect(await readStoredCues()).toEqual([
    ['Ask not', null],
    ['what your country', null],
    ['can do for you ask', null],
  ])
})

it('joins the transcribed text of a cue that spans two chunks', async () => {
  await insertEditedCues([[8, 12, 'what your country']])
  await storeTranscribed(0, 10, [[8, 10, 'what your']])
  await storeTranscribed(10, 20, [[10, 12, 'country']])
  expect(await readStoredCues()).toEqual([['what your country', null]])
  await storeTranscribed(0, 10, [[8, 10, 'watch your']])
  await storeTranscribed(10, 20, [[10, 12, 'country']])
  expect(await readStoredCues()).toEqual([['what your country', 'watch your country']])
})

it('does not restore a removed cue, and keeps the speech around it', async () => {
  await insertEditedCues([[2, 3, 'um']], { isRemoved: true })
  await storeTranscribed(0, 10, [[2, 3, 'um']])
  expect(await readStoredCues()).toEqual([])
  await storeTranscribed(0, 10, [[0, 5, 'ask um not']])
  expect(await readStoredCues()).toEqual([['ask um not', null]])
})

it('stores the detected language unless one is already known', async () => {
  const language = async () =>
    (await database.db.caption.findUniqueOrThrow({ where: { id: captionId } })).language
  await storeTranscribed(0, 10, [], 'de')
  expect(await language()).toBe('de')
  await storeTranscribed(10, 20, [], 'en')
  expect(await language()).toBe('de')
})

it('a track is complete up to the first chunk that is missing', async () => {
  const readDone = async () =>
    (await database.db.caption.findUniqueOrThrow({ where: { id: captionId } })).doneSeconds
  await storeTranscribed(61, 90, [[70, 72, 'second']])
  expect(await readDone()).toBe(0)
  await storeTranscribed(0, 30, [[1, 2, 'first']])
  expect(await readDone()).toBe(30)
  await storeTranscribed(30, 61.2, [])
  expect(await readDone()).toBe(90)
  expect(await readStoredCues()).toEqual([
    ['first', null],
    ['second', null],
  ])
})
