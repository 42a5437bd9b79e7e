import { beforeAll, describe, expect, it } from 'vitest'
import { searchCaptions } from '@/lib/captions/search'
import { createOwner, useDatabase } from '@/tests/support/database'

const database = useDatabase()
let ownerId: string
beforeAll(async () => void (ownerId = (await createOwner(database.db)).id))

/** Adds a track whose cues last 2 s each. */
async function addTrack(language: string, texts: readonly string[]) {
  const { db } = database
  const file = { filename: 'v.mp4', sizeBytes: 1, sha256: '', sourceKey: '' }
  const video = await db.video.create({ data: { ownerId, title: 'Speech', ...file } })
  const caption = await db.caption.create({
    data: { ownerId, videoId: video.id, language, source: 'speech' },
  })
  await db.captionCue.createMany({
    data: texts.map((text, n) => ({
      captionId: caption.id,
      startSeconds: n * 2,
      endSeconds: n * 2 + 2,
      text,
    })),
  })
  return caption.id
}

const find = async (captionId: string, q: string) =>
  (await searchCaptions(database.db, { q, limit: 50, ownerId })).filter((hit) => hit.captionId === captionId)

describe('caption search', () => {
  it('finds other forms of words, by the rules of the language of the track', async () => {
    const english = await addTrack('en', ['The trains crossed', 'our countries', 'in the daylight'])
    const german = await addTrack('de-AT', ['Die Häuser am Fluss sind alt.'])
    expect(await find(english, 'train crosses our country')).toMatchObject([{ startSeconds: 0 }])
    expect(await find(english, 'country in the day')).toMatchObject([
      { startSeconds: 2, text: 'our countries in the daylight' },
    ])
    expect(await find(english, 'country the')).toEqual([])
    expect(await find(german, 'des Hauses')).toEqual([])
    expect(await find(german, 'Hauses am Fluss')).toHaveLength(1)
    expect(await find(await addTrack('und', ['The trains crossed']), 'train crosses')).toEqual([])
  })

  it('has the words that web processes of version 0.1.0 look for, which keep serving during an upgrade', async () => {
    const id = await addTrack('en', ['The <trains> crossed', 'our well-known countries'])
    const query = "to_tsquery('simple', 'crossed <-> our <-> well:*')"
    const rows = await database.db.$queryRawUnsafe(
      `SELECT a.search @@ ${query} AS "isInOne", words_of(a.text || ' ' || b.text) @@ ${query} AS "isInBoth",
        a.search @@ to_tsquery('simple', 'trains <-> crossed') AS "isFound"
      FROM caption_cue a, caption_cue b
      WHERE a."captionId" = '${id}' AND a."startSeconds" = 0 AND b."captionId" = '${id}' AND b."startSeconds" = 2`,
    )
    expect(rows).toEqual([{ isInOne: false, isInBoth: true, isFound: true }])
  })

  it('uses the language once it is known', async () => {
    const id = await addTrack('und', ['The trains crossed'])
    await database.db.caption.update({ where: { id }, data: { language: 'en' } })
    expect(await find(id, 'train crosses')).toHaveLength(1)
  })

  it('states when a phrase in other forms begins, and not when one that only begins alike does', async () => {
    const id = await addTrack('en', ['They train others to stop the trains'])
    const [hit] = await find(id, 'stopping the train')
    expect(hit!.phraseSeconds).toBeCloseTo((2 * 21) / 36)
  })

  it('finds words of languages that are written without spaces', async () => {
    const id = await addTrack('ja', ['今日はいい天気です。', '公園に行きましょう'])
    expect(await find(id, '天気')).toMatchObject([{ startSeconds: 0 }])
    expect(await find(id, '天気です公園に')).toMatchObject([{ startSeconds: 0 }])
    expect(await find(id, '気天')).toEqual([])
    const thai = await addTrack('th', ['วันนี้อากาศดีมาก'])
    expect(await find(thai, 'อากาศ')).toHaveLength(1)
  })

  it('finds phrases that contain or precede compounds, numbers and addresses', async () => {
    const id = await addTrack('en', ['It is a well-known fact that 3.5 km are long, as example.com says.'])
    for (const q of [
      'a well',
      'a well-known',
      'well known fact',
      'known fact',
      'that 3.5',
      '3.5 km are',
      'example',
    ])
      expect({ q, hits: await find(id, q) }).toMatchObject({ q, hits: [{ startSeconds: 0 }] })
    expect(await find(await addTrack('hi', ['नमस्ते दुनिया']), 'नमस्ते दुनिया')).toHaveLength(1)
  })
})
