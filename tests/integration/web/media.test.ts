import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { videoKeys } from '@/lib/storage/keys'
import type { VideoDto } from '@/lib/videos/schema'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { sendAndDisconnect } from '@/tests/support/send-and-disconnect'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let ada: TestUser
let clip: Buffer
let video: VideoDto
beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com')
  clip = readFileSync(await generateMedia('web-safe.mp4'))
  ;({ video } = await ada.fetchJson<{ video: VideoDto }>('/api/v1/videos?filename=film.mp4', {
    method: 'POST',
    body: new Uint8Array(clip),
  }))
})
afterAll(() => web.stop())

it('ends the playlist of an unfinished rendition while its transcode is canceled, and continues it after a retry', async () => {
  await database.db.rendition.create({
    data: {
      videoId: video.id,
      name: '360p',
      mode: 'encode',
      position: 0,
      state: 'in_progress',
      initKey: 'init',
      segments: { create: { index: 0, startSeconds: 0, durationSeconds: 4, sizeBytes: 1 } },
    },
  })
  const playlist = () => ada.fetch(`/media/videos/${video.id}/hls/360p/index.m3u8`)
  const change = (what: 'cancel' | 'retry') =>
    ada.fetch(`/api/v1/tasks/${video.taskId}/${what}`, { method: 'POST' })
  expect((await playlist()).headers.get('cache-control')).toBe('private, no-cache')
  expect(await (await playlist()).text()).toMatch(/0\.m4s\n$/)
  expect((await change('cancel')).status).toBe(200)
  expect(await (await playlist()).text()).toMatch(/0\.m4s\n#EXT-X-ENDLIST\n$/)
  expect((await change('retry')).status).toBe(200)
  expect(await (await playlist()).text()).toMatch(/0\.m4s\n$/)
})

it('serves the thumbnail of a poster, or the poster if it has none', async () => {
  const folder = path.join(web.dataDir, 'storage', videoKeys(video.id).folder)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'poster.jpg'), 'poster')
  const posterKey = videoKeys(video.id).poster
  await database.db.video.update({ where: { id: video.id }, data: { posterKey } })
  const get = async (file: string) => {
    const response = await ada.fetch(`/media/videos/${video.id}/${file}`)
    return [response.status, response.headers.get('content-type'), await response.text()]
  }
  expect(await get('poster.webp')).toEqual([200, 'image/jpeg', 'poster'])
  writeFileSync(path.join(folder, 'poster.webp'), 'thumbnail')
  expect(await get('poster.webp')).toEqual([200, 'image/webp', 'thumbnail'])
  expect(await get('poster.jpg')).toEqual([200, 'image/jpeg', 'poster'])
})

describe('a served file', () => {
  const sourcePath = () => `/media/videos/${video.id}/source`
  const request = (headers: Record<string, string> = {}, method = 'GET') =>
    ada.fetch(sourcePath(), { method, headers })
  const lengthOf = (response: Response) => Number(response.headers.get('content-length'))

  it('has a content length, also for HEAD', async () => {
    const full = await request()
    expect([lengthOf(full), Buffer.from(await full.arrayBuffer()).equals(clip)]).toEqual([clip.length, true])
    expect(lengthOf(await request({}, 'HEAD'))).toBe(clip.length)
  })

  it('may be cached but is revalidated, as are its ranges', async () => {
    for (const headers of [{}, { range: 'bytes=10-19' }] as Record<string, string>[]) {
      const first = await request(headers)
      expect(first.headers.get('cache-control')).toBe('private, no-cache')
      const again = { ...headers, 'if-none-match': first.headers.get('etag')! }
      const revalidated = await request(again)
      expect([revalidated.status, revalidated.headers.get('etag')]).toEqual([304, first.headers.get('etag')])
      expect((await fetch(new URL(sourcePath(), web.url), { headers: again })).status).toBe(401)
    }
  })

  it('is closed when the client has already disconnected', async () => {
    const open = () =>
      readdirSync(`/proc/${web.pid()}/fd`).filter((fd) => {
        try {
          return readlinkSync(`/proc/${web.pid()}/fd/${fd}`).includes('/source')
        } catch {
          return false
        }
      })
    const lines = [`GET ${sourcePath()} HTTP/1.1`, 'Host: x', `Authorization: Bearer ${ada.key}`]
    await sendAndDisconnect(web.url, lines)
    // Responds after them, so all of them were received.
    await request()
    await expect.poll(open).toEqual([])
  })

  it('is served in ranges, and in full if it has changed', async () => {
    const part = await request({ range: 'bytes=10-19' })
    expect([part.status, lengthOf(part), part.headers.get('content-range')]).toEqual([
      206,
      10,
      `bytes 10-19/${clip.length}`,
    ])
    expect(Buffer.from(await part.arrayBuffer()).equals(clip.subarray(10, 20))).toBe(true)
    const etag = part.headers.get('etag')!
    expect((await request({ range: 'bytes=0-0', 'if-range': etag })).status).toBe(206)
    expect((await request({ range: 'bytes=0-0', 'if-range': '"another"' })).status).toBe(200)
    expect((await request({ 'if-none-match': etag })).status).toBe(304)
    expect((await request({ range: `bytes=${clip.length}-` })).status).toBe(416)
  })
})
