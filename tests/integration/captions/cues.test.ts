import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CueChange } from '@/lib/captions/schema'
import { editCues, listRevisions, revertRevision } from '@/lib/captions/revisions'
import { getCues } from '@/lib/captions/queries'
import { searchCaptions } from '@/lib/captions/search'
import { createOwner, useDatabase } from '@/tests/support/database'

const database = useDatabase()
let ownerId: string
let id: string
let videoId: string

beforeAll(async () => void (ownerId = (await createOwner(database.db)).id))
beforeEach(async () => {
  ;({ id, videoId } = await addTrack(ownerId, [
    'And so, my fellow Americans:',
    'ask not what your country',
    'can do for you',
    'ask <b>',
  ]))
})

async function addTrack(owner: string, texts: string[]) {
  const { db } = database
  const file = { filename: 'v.mp4', sizeBytes: 1, sha256: '', sourceKey: '' }
  const video = await db.video.create({ data: { ownerId: owner, title: 'Speech', ...file } })
  const caption = await db.caption.create({
    data: { ownerId: owner, videoId: video.id, language: 'en', source: 'speech' },
  })
  await db.captionCue.createMany({
    data: texts.map((text, n) => ({
      captionId: caption.id,
      startSeconds: n * 2,
      endSeconds: n * 2 + 2,
      text,
      confidence: 0.5,
    })),
  })
  return { id: caption.id, videoId: video.id }
}

const readCues = (more: { after?: number; revision?: number } = {}) =>
  getCues(database.db, { id, ownerId, ...more })
const readTexts = async () => (await readCues()).cues.map((cue) => cue.text)
const applyEdit = (change: Partial<CueChange> & { baseRevision: number }) =>
  editCues({ db: database.db, id, ownerId, change: { put: [], remove: [], ...change } })

describe('cues', () => {
  it('are returned from a given time on while earlier cues are unchanged, otherwise completely', async () => {
    const later = await readCues({ after: 2, revision: 0 })
    expect(later).toMatchObject({ isWhole: false, cues: [{ startSeconds: 4 }, { startSeconds: 6 }] })
    await applyEdit({ baseRevision: 0, remove: [later.cues[0]!.id] })
    expect(await readCues({ after: 2, revision: 0 })).toMatchObject({
      isWhole: true,
      caption: { revision: 1, cueCount: 3 },
    })
  })

  it('are not returned to another user', async () => {
    const otherUser = await createOwner(database.db)
    await expect(getCues(database.db, { id, ownerId: otherUser.id })).rejects.toMatchObject({
      code: 'caption.not_found',
    })
  })

  it('increment the version of their track when they are edited', async () => {
    const before = (await readCues()).caption.version
    await applyEdit({
      baseRevision: 0,
      put: [{ id: randomUUID(), startSeconds: 9, endSeconds: 10, text: 'more', alternative: null }],
    })
    expect((await readCues()).caption.version).toBeGreaterThan(before)
  })
})

describe('an edit', () => {
  it('adds, changes and removes cues as one revision, which can be undone and redone', async () => {
    const { cues } = await readCues()
    const before = await readTexts()
    const [first, second] = cues
    const put = [
      { id: first!.id, startSeconds: 0, endSeconds: 1, text: 'Thus', alternative: null },
      { id: randomUUID(), startSeconds: 1, endSeconds: 2, text: 'fellows', alternative: null },
    ]
    expect(await applyEdit({ baseRevision: 0, put, remove: [second!.id] })).toBe(1)
    const after = ['Thus', 'fellows', 'can do for you', 'ask <b>']
    expect(await readTexts()).toEqual(after)
    expect((await readCues()).cues[0]).toMatchObject({ isEdited: true, confidence: null })
    const target = { db: database.db, id, ownerId }
    expect(await revertRevision({ ...target, baseRevision: 1, number: 1 })).toBe(2)
    expect(await readTexts()).toEqual(before)
    expect((await readCues()).cues[0]).toMatchObject({ isEdited: false, confidence: 0.5 })
    await revertRevision({ ...target, baseRevision: 2, number: 2 })
    expect(await readTexts()).toEqual(after)
    expect(await listRevisions(target)).toMatchObject([
      { number: 3 },
      { number: 2 },
      { number: 1, changedCues: 3 },
    ])
  })

  it('is refused without changes if the track was modified concurrently', async () => {
    const [cue] = (await readCues()).cues
    await applyEdit({ baseRevision: 0, remove: [cue!.id] })
    await expect(applyEdit({ baseRevision: 0, remove: [cue!.id] })).rejects.toMatchObject({
      code: 'caption.changed',
      status: 409,
    })
    expect(await readTexts()).toHaveLength(3)
  })

  it('cannot use IDs of cues of another track', async () => {
    const other = await addTrack(ownerId, ['mine'])
    const [cue] = (await getCues(database.db, { id: other.id, ownerId })).cues
    const put = [{ id: cue!.id, startSeconds: 0, endSeconds: 1, text: 'stolen', alternative: null }]
    await expect(applyEdit({ baseRevision: 0, put })).rejects.toMatchObject({ code: 'cue.id_taken' })
  })
})

describe('the stored size of a track', () => {
  it('includes the names of its speakers', async () => {
    const readBytes = async () =>
      Number((await database.db.caption.findUniqueOrThrow({ where: { id } })).storedBytes)
    const before = await readBytes()
    const { cues } = await readCues()
    const setSpeaker = (speaker: string | null) =>
      database.db.captionCue.updateMany({
        where: { id: { in: cues.map((cue) => cue.id) } },
        data: { speaker },
      })
    await setSpeaker('Renée')
    expect(await readBytes()).toBe(before + 6 * cues.length)
    await setSpeaker(null)
    expect(await readBytes()).toBe(before)
  })
})

describe('caption search', () => {
  const find = async (q: string, more: { videoId?: string } = {}) =>
    (await searchCaptions(database.db, { q, limit: 50, ownerId, ...more })).filter(
      (hit) => hit.captionId === id,
    )

  it('finds a phrase that spans two cues once, at its first cue', async () => {
    const hits = await find('What your COUNTRY can do for you')
    expect(hits).toMatchObject([
      { startSeconds: 2, videoTitle: 'Speech', videoId, text: expect.stringContaining('can do for you') },
    ])
  })

  it('matches the last word by prefix, and words only in their order', async () => {
    expect(await find('fellow Americ')).toMatchObject([{ startSeconds: 0 }])
    expect(await find('Americans fellow')).toEqual([])
  })

  it('states when the phrase begins: by the times of the words, or else by its position in the text', async () => {
    expect(await find('country can do')).toMatchObject([{ startSeconds: 2, phraseSeconds: 3.44 }])
    const words = 'ask not what your country'
      .split(' ')
      .map((text, n) => ({ text, startSeconds: 2 + n / 4, endSeconds: 2.2 + n / 4, confidence: null }))
    const where = { captionId: id, startSeconds: 2 }
    await database.db.captionCue.updateMany({ where, data: { words } })
    expect(await find('country can do')).toMatchObject([{ startSeconds: 2, phraseSeconds: 3 }])
    expect(await find('what your')).toMatchObject([
      { phraseSeconds: 2.5, text: 'ask not what your country', endSeconds: 4 },
    ])
    expect(Object.keys((await find('what your'))[0]!)).not.toContain('words')
  })

  it('treats operators as plain text', async () => {
    expect(await find("ask & !(not) | 'what':*")).toMatchObject([{ startSeconds: 2 }])
    expect(await find('&')).toEqual([])
  })

  it('finds no cues of other users, of other videos, or that were removed', async () => {
    const otherUser = await createOwner(database.db)
    expect(await searchCaptions(database.db, { q: 'country', limit: 50, ownerId: otherUser.id })).toEqual([])
    expect(await find('country', { videoId: randomUUID() })).toEqual([])
    const { cues } = await readCues()
    await applyEdit({ baseRevision: 0, remove: [cues[1]!.id] })
    expect(await find('country')).toEqual([])
  })
})
