import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import type { CueChange } from '@/lib/captions/schema'
import { editCues, listRevisions, restoreRevision } from '@/lib/captions/revisions'
import { getCues } from '@/lib/captions/queries'
import { createOwner, useDatabase } from '@/tests/support/database'

const database = useDatabase()
let ownerId: string
let id: string

beforeAll(async () => void (ownerId = (await createOwner(database.db)).id))
beforeEach(async () => {
  const { db } = database
  const file = { filename: 'v.mp4', sizeBytes: 1, sha256: '', sourceKey: '' }
  const video = await db.video.create({ data: { ownerId, title: 'Speech', ...file } })
  const track = { ownerId, videoId: video.id, language: 'en', source: 'speech' } as const
  id = (await db.caption.create({ data: track })).id
  await db.captionCue.createMany({ data: [createCue(0, 'ask not'), createCue(2, 'what your country')] })
})

const createCue = (startSeconds: number, text: string) => ({
  captionId: id,
  startSeconds,
  endSeconds: startSeconds + 1,
  text,
})
const readCues = () => getCues(database.db, { id, ownerId })
const readTexts = async () => (await readCues()).cues.map(({ text }) => text)
const applyEdit = (baseRevision: number, change: Partial<CueChange>) =>
  editCues({ db: database.db, id, ownerId, change: { put: [], remove: [], ...change, baseRevision } })
const restoreTo = (baseRevision: number, number: number) =>
  restoreRevision({ db: database.db, id, ownerId, baseRevision, number })

async function editThreeTimes() {
  const [first, second] = (await readCues()).cues
  const put = (one: typeof first, text: string) => [{ ...one!, text, alternative: null }]
  await applyEdit(0, { put: put(first, 'Ask not,') })
  await applyEdit(1, { put: put({ ...first!, id: randomUUID(), startSeconds: 4, endSeconds: 5 }, 'added') })
  await applyEdit(2, { put: put(first, 'ASK NOT'), remove: [second!.id] })
}

it('restores captions to a revision or to their original state, and can be undone', async () => {
  await editThreeTimes()
  expect(await readTexts()).toEqual(['ASK NOT', 'added'])
  expect(await restoreTo(3, 1)).toBe(4)
  expect(await readTexts()).toEqual(['Ask not,', 'what your country'])
  expect(await restoreTo(4, 0)).toBe(5)
  expect(await readTexts()).toEqual(['ask not', 'what your country'])
  expect(await restoreTo(5, 3)).toBe(6)
  expect(await readTexts()).toEqual(['ASK NOT', 'added'])
})

it('keeps cues that were transcribed after the revision', async () => {
  await editThreeTimes()
  await database.db.captionCue.create({ data: createCue(8, 'transcribed later') })
  await restoreTo(3, 0)
  expect(await readTexts()).toEqual(['ask not', 'what your country', 'transcribed later'])
})

it('refuses to restore captions that were modified concurrently', async () => {
  await editThreeTimes()
  await expect(restoreTo(2, 0)).rejects.toMatchObject({ code: 'caption.changed' })
  expect(await restoreTo(3, 3)).toBe(3)
})

it('prunes the oldest revisions beyond 50 MB of a track, and refuses to restore a state before them', async () => {
  await editThreeTimes()
  // Random text, which the database cannot compress.
  await database.db.$executeRaw`
    UPDATE caption_revision SET "before" = (SELECT jsonb_agg(md5(n::text)) FROM generate_series(1, 800000) n)
    WHERE "captionId" = ${id}::uuid AND number IN (1, 2)`
  await applyEdit(3, { put: [] })
  const revisions = await listRevisions({ db: database.db, id, ownerId })
  expect(revisions.map(({ number }) => number)).toEqual([4, 3, 2])
  await expect(restoreTo(4, 0)).rejects.toThrow('Revision not found')
  expect(await restoreTo(4, 2)).toBe(5)
  expect(await readTexts()).toEqual(['Ask not,', 'what your country', 'added'])
})
