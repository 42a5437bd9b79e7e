import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CaptionDto, CaptionHit, CuesDto } from '@/lib/captions/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import type { TestUser } from '@/tests/support/accounts'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let ada: TestUser
let eve: TestUser
let video: VideoDto
let track: CaptionDto

const SUBTITLES =
  'WEBVTT\n\n00:01.000 --> 00:02.000\nAsk not <b>what</b> &lt;your&gt;\n\nno times\n\n00:58.000 --> 01:02.000\ncountry & all\n'

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url, env: { CAPTIONS: 'auto' } })
  ada = await web.createUser('ada@example.com')
  eve = await web.createUser('eve@example.com')
  const body = readFileSync(await generateMedia('web-safe.mp4'))
  const response = await ada.fetch('/api/v1/videos?filename=a.mp4&language=ger', { method: 'POST', body })
  ;({ video } = (await response.json()) as { video: VideoDto })
  await database.db.video.update({ where: { id: video.id }, data: { durationSeconds: 130 } })
  const added = await ada.fetch(`${video.urls.captions}/files?filename=a.de.vtt`, {
    method: 'POST',
    body: SUBTITLES,
  })
  expect(added.status).toBe(201)
  const imported = (await added.json()) as { caption: CaptionDto; problems: unknown }
  track = imported.caption
  expect(imported.problems).toEqual([{ line: 6, message: expect.stringContaining('Missing times') }])
})
afterAll(() => web.stop())

const fetchText = async (at: string) => (await ada.fetch(at)).text()

describe('a subtitle file', () => {
  it('becomes a track of its video in the language of its file name', async () => {
    expect(track).toMatchObject({
      language: 'de',
      label: 'German',
      source: 'sidecar',
      state: 'done',
      cueCount: 2,
    })
    const { captions } = (await (await ada.fetch(`/api/v1/videos/${video.id}`)).json()) as VideoDto
    expect(captions).toEqual([track])
  })

  it('is refused if it contains no cue or is too large', async () => {
    const post = (body: BodyInit) => ada.fetch(`${video.urls.captions}/files`, { method: 'POST', body })
    const unreadable = await post('just words')
    expect(unreadable.status).toBe(422)
    expect(await unreadable.json()).toMatchObject({
      code: 'caption.file_unreadable',
      problems: [{ line: 1 }],
      moreProblems: 0,
    })
    const many = await post('just words\n\n'.repeat(500_000))
    expect(await many.json()).toMatchObject({ status: 422, moreProblems: 499_900 })
    expect((await post(Buffer.alloc(11 * 1024 ** 2, 'x'))).status).toBe(413)
  })

  it('is served as WebVTT without markup and exported in three formats', async () => {
    const response = await ada.fetch(track.urls.vtt)
    expect(response.headers.get('content-type')).toBe('text/vtt; charset=utf-8')
    expect(await response.text()).toBe(
      'WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nAsk not what &lt;your&gt;\n\n00:00:58.000 --> 00:01:02.000\ncountry &amp; all\n',
    )
    const file = (format: string) => ada.fetch(`/api/v1/captions/${track.id}/export?format=${format}`)
    expect((await file('srt')).headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''a.de.srt",
    )
    expect(await (await file('srt')).text()).toMatch(
      /^1\r\n00:00:01,000 --> 00:00:02,000\r\nAsk not what <your>\r\n/,
    )
    expect(await (await file('txt')).text()).toBe(
      '[00:00:01] Ask not what <your>\n[00:00:58] country & all\n',
    )
  })

  it('is not found by an invalid or unknown id', async () => {
    for (const id of ['-'.repeat(36), 'a'.repeat(36), crypto.randomUUID()])
      for (const file of [`captions/${id}.vtt`, `hls/captions/${id}/index.m3u8`, `hls/captions/${id}/0.vtt`])
        expect((await ada.fetch(`/media/videos/${video.id}/${file}`)).status, file).toBe(404)
  })

  it('is served as an HLS rendition of one-minute segments on the timeline of the media', async () => {
    const at = `/media/videos/${video.id}/hls/captions/${track.id}`
    const playlist = await fetchText(`${at}/index.m3u8`)
    expect(playlist.match(/^\d+\.vtt$/gm)).toEqual(['0.vtt', '1.vtt', '2.vtt'])
    expect(playlist).toContain('#EXTINF:10.000,\n2.vtt\n#EXT-X-ENDLIST')
    const first = await fetchText(`${at}/0.vtt`)
    expect(first).toMatch(/^WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00\.000\n\n00:00:01/)
    // A cue that crosses the boundary is in both segments.
    for (const segment of [first, await fetchText(`${at}/1.vtt`)])
      expect(segment).toContain('00:00:58.000 --> 00:01:02.000')
    expect(await fetchText(`${at}/2.vtt`)).not.toContain('-->')
  })
})

describe('caption text', () => {
  it('is found by search, with its time', async () => {
    const { hits } = (await (await ada.fetch('/api/v1/captions/search?q=your%20country')).json()) as {
      hits: CaptionHit[]
    }
    expect(hits).toMatchObject([{ videoId: video.id, captionId: track.id, startSeconds: 1 }])
  })

  it('is edited and reverted', async () => {
    const { cues } = (await (await ada.fetch(track.urls.cues)).json()) as CuesDto
    const patch = (body: object) =>
      ada.fetch(track.urls.cues, { method: 'PATCH', body: JSON.stringify(body) })
    const { id, startSeconds, endSeconds } = cues[0]!
    const put = [{ id, startSeconds, endSeconds, text: 'Fragt nicht' }]
    expect((await patch({ baseRevision: 0, put: [{ ...put[0], endSeconds: 0 }] })).status).toBe(400)
    expect(await (await patch({ baseRevision: 0, put })).json()).toMatchObject({
      revision: 1,
      caption: { revision: 1 },
    })
    expect((await patch({ baseRevision: 0, put })).status).toBe(409)
    expect(await fetchText(track.urls.vtt)).toContain('Fragt nicht')
    const body = JSON.stringify({ baseRevision: 1, number: 1 })
    await ada.fetch(`/api/v1/captions/${track.id}/revert`, { method: 'POST', body })
    expect(await fetchText(track.urls.vtt)).toContain('Ask not')
  })
})

describe('captions', () => {
  it('are requested in the language of the upload, and as a translation on request', async () => {
    const { tasks } = (await (
      await ada.fetch(`/api/v1/tasks?videoId=${video.id}&kind=video.caption`)
    ).json()) as { tasks: TaskDto[] }
    const [task] = await database.db.task.findMany({ where: { id: { in: tasks.map(({ id }) => id) } } })
    expect(task!.payload).toEqual({ videoId: video.id, language: 'de', translate: false })
    const requestCaptions = (body: object) =>
      ada.fetch(video.urls.captions, { method: 'POST', body: JSON.stringify(body) })
    expect((await requestCaptions({ language: 'no such language' })).status).toBe(400)
    const response = await requestCaptions({ translate: true })
    expect(response.status).toBe(202)
    expect(await response.json()).toMatchObject({
      caption: { language: 'en', label: 'English (translated)', state: 'queued', isTranslation: true },
      task: { kind: 'video.caption', videoId: video.id },
    })
  })

  it.each([
    ['GET', (id: string) => `/api/v1/captions/${id}`],
    ['PATCH', (id: string) => `/api/v1/captions/${id}`],
    ['DELETE', (id: string) => `/api/v1/captions/${id}`],
    ['GET', (id: string) => `/api/v1/captions/${id}/cues`],
    ['GET', (id: string) => `/api/v1/captions/${id}/export`],
    ['GET', (id: string) => `/api/v1/captions/${id}/revisions`],
    ['GET', () => track.urls.vtt],
    ['GET', () => video.urls.captions],
    ['POST', () => `${video.urls.captions}/files`],
  ])('of another user are not found: %s %s', async (method, at) => {
    const body = method === 'PATCH' ? '{}' : method === 'POST' ? SUBTITLES : undefined
    expect((await eve.fetch(at(track.id), { method, body })).status).toBe(404)
    expect((await ada.fetch(`/api/v1/captions/${track.id}`)).status).toBe(200)
  })

  it('are deleted with their cues', async () => {
    expect((await ada.fetch(`/api/v1/captions/${track.id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await ada.fetch(track.urls.vtt)).status).toBe(404)
    expect(await database.db.captionCue.count({ where: { captionId: track.id } })).toBe(0)
  })
})
