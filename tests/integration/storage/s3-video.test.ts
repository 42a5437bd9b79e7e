import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createS3Storage } from '@/lib/storage/s3/s3-storage'
import type { S3Options } from '@/lib/storage/s3/s3-client'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { awaitS3Service } from '@/tests/support/await-s3-service'
import { atServer, type TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { createBucket, toEnv } from '@/tests/support/s3-fixture'
import { createShareClient } from '@/tests/support/shared-video-fixture'
import { startWeb, startWorker, type Web } from '@/tests/support/web'

const service = await awaitS3Service()

describe.runIf(service)('with STORAGE=s3 and a worker without the disk of the web process', () => {
  const database = useDatabase()
  const workerDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-s3-worker-'))
  let options: S3Options
  let web: Web
  let redirecting: Web
  let ada: TestUser
  let worker: Awaited<ReturnType<typeof startWorker>>
  beforeAll(async () => {
    options = { ...(await createBucket(service!)), prefix: 'media' }
    const env = toEnv(options)
    web = await startWeb({ databaseUrl: database.url, env })
    redirecting = await startWeb({ databaseUrl: database.url, env: { ...env, S3_DELIVERY: 'redirect' } })
    ada = await web.createUser('ada@example.com')
    worker = await startWorker(web, { DATA_DIR: workerDir })
  })
  afterAll(async () => {
    await worker?.stop('SIGTERM')
    await redirecting?.stop()
    await web?.stop()
    rmSync(workerDir, { recursive: true, force: true })
  })

  const fetchJson = async <T>(url: string) => (await (await ada.fetch(url)).json()) as T
  const fetchVideo = (id: string) => fetchJson<VideoDto>(`/api/v1/videos/${id}`)

  async function makeVideo() {
    const clip = readFileSync(await generateMedia('web-safe.mp4'))
    const body = new Uint8Array(clip)
    const response = await ada.fetch('/api/v1/videos?filename=clip.mp4', { method: 'POST', body })
    expect(response.status).toBe(202)
    const { video } = (await response.json()) as { video: VideoDto }
    const isDone = async () => {
      const { tasks } = await fetchJson<{ tasks: TaskDto[] }>(`/api/v1/tasks?videoId=${video.id}`)
      return tasks.map(({ state }) => state)
    }
    await expect.poll(async () => new Set(await isDone()), { timeout: 90_000 }).toEqual(new Set(['done']))
    return { id: video.id, clip }
  }

  it('makes a video that is watched, sought in, downloaded and deleted', async () => {
    const { id, clip } = await makeVideo()
    const { urls, renditions } = await fetchVideo(id)
    expect(renditions.every(({ state }) => state === 'done')).toBe(true)
    const name = renditions.find(({ height }) => height)!.name
    const playlist = await (await ada.fetch(`/media/videos/${id}/hls/${name}/index.m3u8`)).text()
    const segments = playlist.split('\n').filter((line) => line.endsWith('.m4s'))
    expect(segments.length).toBeGreaterThan(0)
    const segment = await ada.fetch(`/media/videos/${id}/hls/${name}/${segments[0]}`)
    expect([segment.status, segment.headers.get('content-type')]).toEqual([200, 'video/iso.segment'])
    const bytes = Buffer.from(await segment.arrayBuffer())
    expect(bytes.length).toBe(Number(segment.headers.get('content-length')))
    const etag = segment.headers.get('etag')!
    const cached = await ada.fetch(`/media/videos/${id}/hls/${name}/${segments[0]}`, {
      headers: { 'if-none-match': etag },
    })
    expect(cached.status).toBe(304)

    const source = await ada.fetch(`/media/videos/${id}/source`, { headers: { range: 'bytes=100-299' } })
    expect([source.status, source.headers.get('content-range')]).toEqual([
      206,
      `bytes 100-299/${clip.length}`,
    ])
    expect(Buffer.from(await source.arrayBuffer()).equals(clip.subarray(100, 300))).toBe(true)
    const poster = await ada.fetch(urls.poster!)
    expect([poster.status, poster.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
    expect(
      (await ada.fetch(`/media/videos/${id}/source`, { headers: { range: 'bytes=99999999-' } })).status,
    ).toBe(416)

    // The worker kept one copy of the source for all its tasks; nothing lies in a local storage.
    expect(await readdir(path.join(workerDir, 'cache/files'))).toHaveLength(1)
    for (const dir of [web.dataDir, workerDir]) expect(existsSync(path.join(dir, 'storage'))).toBe(false)
    const leases = await readdir(path.join(workerDir, 'cache/leases'), { recursive: true })
    expect(leases.filter((file) => file.includes('/'))).toEqual([])

    expect((await ada.fetch(`/api/v1/videos/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect(await createS3Storage(options).list('videos')).toEqual([])
  })

  it('redirects the owner, and no other user, to a URL that needs no session', async () => {
    const { id, clip } = await makeVideo()
    const get = (url: string, key: string | null) =>
      fetch(`${redirecting.url}${url}`, {
        redirect: 'manual',
        headers: key ? { authorization: `Bearer ${key}` } : {},
      })
    const url = `/media/videos/${id}/source`
    const eve = await web.createUser('eve@example.com')
    expect((await get(url, null)).status).toBe(401)
    expect((await get(url, eve.key)).status).toBe(404)
    const redirect = await get(url, ada.key)
    expect(redirect.status).toBe(302)
    expect(redirect.headers.get('cache-control')).toBe('private, no-store')
    const location = redirect.headers.get('location')!
    expect(new URL(location).origin).toBe(service!.endpoint)
    expect(location).not.toContain(options.credentials!.secretAccessKey)
    const file = await fetch(location, { headers: { range: 'bytes=0-99' } })
    expect([file.status, file.headers.get('content-type')]).toEqual([206, 'video/mp4'])
    expect(file.headers.get('content-disposition')).toContain('attachment')
    expect(Buffer.from(await file.arrayBuffer()).equals(clip.subarray(0, 100))).toBe(true)
    // It opens this file alone.
    expect((await fetch(location.replace('/source', '/poster'))).status).toBe(403)
    const { share, openJson } = createShareClient(redirecting, atServer(ada, redirecting.url))
    const { token } = await share(id)
    const shared = await get((await openJson(token)).urls.poster!, null)
    // Dead within a minute after the link is revoked.
    expect(new URL(shared.headers.get('location')!).searchParams.get('X-Amz-Expires')).toBe('45')
    const page = await fetch(`${redirecting.url}/sign-in`)
    const policy = page.headers.get('content-security-policy')!
    expect(policy).toContain(`media-src 'self' blob: ${service!.endpoint}`)
    expect(policy).toContain(`connect-src 'self' ${service!.endpoint}`)
    expect((await ada.fetch(`/api/v1/videos/${id}`, { method: 'DELETE' })).status).toBe(204)
  })
})
