import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CaptionDto } from '@/lib/captions/schema'
import type { VideoDto } from '@/lib/videos/schema'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let ada: TestUser
let video: VideoDto

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com')
  const body = readFileSync(await generateMedia('web-safe.mp4'))
  ;({ video } = await ada.fetchJson<{ video: VideoDto }>('/api/v1/videos?filename=a.mp4', {
    method: 'POST',
    body,
  }))
})
afterAll(() => web.stop())

/** Imports a cue whose text has these bytes. */
const importCue = (query: string, text: string) =>
  ada.fetch(`${video.urls.captions}/files?${query}`, {
    method: 'POST',
    body: Buffer.from(`1\n00:00:01,000 --> 00:00:02,000\n${text}\n`, 'latin1'),
  })

const readTrack = async (response: Response) => {
  expect(response.status).toBe(201)
  const { caption } = (await response.json()) as { caption: CaptionDto }
  return { caption, vtt: await (await ada.fetch(caption.urls.vtt)).text() }
}

describe('a subtitle file that is not in Unicode', () => {
  it('is read in the encoding that its letters and the language of its name make likely', async () => {
    const greek = '\xCA\xE1\xEB\xE7\xEC\xDD\xF1\xE1 \xF3\xE5 \xFC\xEB\xEF\xF5\xF2'
    const { caption, vtt } = await readTrack(await importCue('filename=a.el.srt', greek))
    expect(caption).toMatchObject({ language: 'el', cueCount: 1 })
    expect(vtt).toContain('\nΚαλημέρα σε όλους\n')
  })

  it('is read in the encoding that the request names if that is not certain', async () => {
    const yes = '\xC4\xE0.'
    const refused = await importCue('filename=a.srt', yes)
    expect(refused.status).toBe(422)
    expect(await refused.json()).toMatchObject({
      code: 'caption.encoding_unknown',
      encodings: expect.arrayContaining([{ encoding: 'windows-1251', sample: 'Да.' }]),
    })
    const { vtt } = await readTrack(await importCue('filename=a.srt&encoding=windows-1251', yes))
    expect(vtt).toContain('\nДа.\n')
    expect((await importCue('filename=a.srt&encoding=ascii', yes)).status).toBe(400)
  })
})
