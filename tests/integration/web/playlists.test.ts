import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { VideoDto } from '@/lib/videos/contract'
import { useDatabase } from '@/tests/support/database'
import { makeMedia } from '@/tests/support/media'
import { type Person, startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let ada: Person

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.person('ada@example.com')
})
afterAll(() => web.stop())

it('what was made of a rendition ends when nobody makes more of it, and grows when somebody does again', async () => {
  const body = readFileSync(await makeMedia('web-safe.mp4'))
  const answer = await ada.ask('/api/v1/videos?filename=a.mp4', { method: 'POST', body })
  const { video } = (await answer.json()) as { video: VideoDto }
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
  const playlist = async () => (await ada.ask(`/media/videos/${video.id}/hls/360p/index.m3u8`)).text()
  const ask = (what: 'cancel' | 'retry') =>
    ada.ask(`/api/v1/tasks/${video.taskId}/${what}`, { method: 'POST' })
  expect(await playlist()).toMatch(/0\.m4s\n$/)
  expect((await ask('cancel')).status).toBe(200)
  expect(await playlist()).toMatch(/0\.m4s\n#EXT-X-ENDLIST\n$/)
  expect((await ask('retry')).status).toBe(200)
  expect(await playlist()).toMatch(/0\.m4s\n$/)
})
