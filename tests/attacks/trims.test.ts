import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '@/lib/concurrency/wait-until'
import { whereUnfinished } from '@/lib/tasks/queries'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDetailsDto } from '@/lib/videos/schema'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { readProblem } from '@/tests/support/read-problem'
import { createShareClient } from '@/tests/support/shared-video-fixture'
import { uploadCounter } from '@/tests/support/upload-film'
import { startWeb, startWorker, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let worker: Awaited<ReturnType<typeof startWorker>>
let ada: TestUser
let eve: TestUser
let videoId: string
let original: string
let client: ReturnType<typeof createShareClient>

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')
const awaitTasks = async () => {
  const isDone = async () => (await database.db.task.count({ where: { videoId, ...whereUnfinished } })) === 0
  expect(await waitUntil(isDone, { intervalMs: 200, timeoutMs: 120_000 })).toBe(true)
}

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url, env: { CAPTIONS: 'none' } })
  ada = await web.createUser('ada@example.com')
  eve = await web.createUser('eve@example.com')
  worker = await startWorker(web, { CAPTIONS: 'none' })
  const { file, video } = await uploadCounter(ada, { seconds: 20 })
  original = sha256(readFileSync(file))
  videoId = video.id
  await awaitTasks()
  await ada.fetchJson(`/api/v1/videos/${videoId}/captions/files?filename=a.en.vtt`, {
    method: 'POST',
    body: 'WEBVTT\n\n00:01.000 --> 00:02.000\nsecret start\n\n00:08.000 --> 00:09.000\nkept\n\n00:17.000 --> 00:18.000\nsecret end\n',
  })
  client = createShareClient(web, ada)
}, 240_000)
afterAll(async () => {
  await worker.stop('SIGTERM')
  await web.stop()
})

const read = (at: string) => fetch(web.url + at)
const textOf = async (at: string) => (await read(at)).text()

/** Everything that a viewer can load by a grant, by its path below that. */
async function listFiles(grant: string, captionId: string) {
  const base = `/media/shares/${grant}/`
  const names = ['source', '360p', 'audio-0']
  const playlists = await Promise.all(names.map((name) => textOf(`${base}hls/${name}/index.m3u8`)))
  const segments = playlists.flatMap((playlist, n) =>
    [...playlist.matchAll(/[\w.]+\.(?:m4s|mp4)[^\s"]*/g)].map(([file]) => `hls/${names[n]}/${file}`),
  )
  const storyboard = await textOf(`${base}storyboard/storyboard.vtt`)
  return { segments, storyboard, captions: await textOf(`${base}captions/${captionId}.vtt`) }
}

describe('a viewer of a link to a video that is trimmed', () => {
  it(
    'gets nothing of what was cut: neither media, nor captions, thumbnails, downloads or the original',
    { tags: 'full' },
    async () => {
      const { token } = await client.share(videoId, { isDownloadAllowed: true })
      const before = await client.openJson(token)
      const base = `/media/shares/${before.grant}/`
      const former = await listFiles(before.grant, before.captions[0]!.id)
      expect(former.captions).toContain('secret start')
      expect((await read(`${base}${former.segments[1]}`)).status).toBe(200)

      const { task } = await ada.fetchJson<{ task: TaskDto }>(`/api/v1/videos/${videoId}/trim`, {
        method: 'PUT',
        body: JSON.stringify({ startSeconds: 5, endSeconds: 14 }),
      })
      expect(task.kind).toBe('video.trim')
      await awaitTasks()

      // The grant and the URLs that the viewer has, and those of a viewer who opens the link now.
      for (const segment of former.segments) expect((await read(base + segment)).status, segment).toBe(410)
      const after = await client.openJson(token)
      expect(after.durationSeconds).toBeCloseTo(9, 1)
      expect(JSON.stringify(after)).not.toMatch(/whole|trim/i)
      for (const { id } of before.captions) expect((await read(`${base}captions/${id}.vtt`)).status).toBe(404)
      for (const { grant } of [before, after]) {
        const files = await listFiles(grant, after.captions[0]!.id)
        expect(files.captions).toContain('kept')
        expect(files.captions).not.toContain('secret')
        expect(files.storyboard.length).toBeLessThan(former.storyboard.length)
        for (const segment of files.segments)
          expect((await read(`/media/shares/${grant}/${segment}`)).status).toBe(200)
        const source = new Uint8Array(await (await read(`/media/shares/${grant}/source`)).arrayBuffer())
        expect(sha256(source)).not.toBe(original)
      }
      // The whole file is that of its owner alone.
      const { trim } = await ada.fetchJson<VideoDetailsDto>(`/api/v1/videos/${videoId}`)
      for (const file of ['source', 'hls/master.m3u8', 'poster.jpg']) {
        const at = `/media/videos/${trim!.wholeId}/${file}`
        expect((await ada.fetch(at)).status).toBe(200)
        expect((await eve.fetch(at)).status).toBe(404)
        expect((await read(at)).status).toBe(401)
      }
      for (const [method, at] of [
        ['DELETE', `/api/v1/videos/${videoId}/trim`],
        ['DELETE', `/api/v1/videos/${videoId}/whole-file`],
      ] as const)
        expect((await readProblem(await eve.fetch(at, { method }))).code).toBe('video.not_found')
      // It cannot be shared, moved out of the trash or purged as a video of its own.
      const share = { method: 'POST', body: '{}' }
      expect((await ada.fetch(`/api/v1/videos/${trim!.wholeId}/shares`, share)).status).toBe(409)
      for (const action of ['restore', 'purge'])
        await ada.fetch('/api/v1/videos/bulk', {
          method: 'POST',
          body: JSON.stringify({ action, ids: [trim!.wholeId] }),
        })
      const { videos } = await ada.fetchJson<{ videos: { id: string }[] }>('/api/v1/videos')
      expect(videos.map(({ id }) => id)).toEqual([videoId])
      expect((await ada.fetch(`/media/videos/${trim!.wholeId}/source`)).status).toBe(200)
    },
  )
})
