// Over 200 lines because all faults share one S3 service, whose connections go through one proxy.

import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { S3Options } from '@/lib/storage/s3/s3-client'
import { createS3Storage } from '@/lib/storage/s3/s3-storage'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { startS3FaultProxy } from '@/tests/support/s3-fault-proxy'
import { createBucket, toEnv } from '@/tests/support/s3-fixture'
import { startS3Service } from '@/tests/support/s3-service'
import { startWeb, startWorker, type Web } from '@/tests/support/web'

const MiB = 1024 ** 2
const database = useDatabase()
const service = await startS3Service()
afterAll(() => service?.stop())

describe.runIf(service)('a real S3 service that fails', () => {
  let proxy: Awaited<ReturnType<typeof startS3FaultProxy>>
  let options: S3Options
  beforeAll(async () => {
    proxy = await startS3FaultProxy(service!)
    options = await createBucket(proxy.service)
  })
  afterEach(() => {
    proxy.setFault(() => null)
    proxy.comeBack()
  })
  afterAll(() => void proxy?.close())

  const newKey = () => `videos/${randomUUID()}/source.mp4`
  const streamOf = (data: Buffer) =>
    Readable.from(
      (function* () {
        for (let at = 0; at < data.length; at += 100_000) yield data.subarray(at, at + 100_000)
      })(),
      { objectMode: false },
    )
  const expectStored = async (key: string, data: Buffer) => {
    const storage = createS3Storage(options)
    expect((await buffer(await storage.read(key))).equals(data)).toBe(true)
    expect(await storage.removeUnfinished(path.dirname(key), new Date(Date.now() + 60_000))).toBe(0)
  }

  it('stores a file in parts although the service asks to slow down', async () => {
    const storage = createS3Storage(options)
    const [key, data] = [newKey(), randomBytes(30 * MiB)]
    let refused = 0
    proxy.setFault(({ method }) =>
      method === 'PUT' && refused++ % 2 === 0 ? { status: 503, code: 'SlowDown' } : null,
    )
    await storage.put(key, streamOf(data))
    expect(refused).toBeGreaterThan(4)
    await expectStored(key, data)
  })

  it('stores a file although connections are reset within a part', async () => {
    const storage = createS3Storage(options)
    const [key, data] = [newKey(), randomBytes(30 * MiB)]
    let parts = 0
    proxy.setFault(({ path: url }) =>
      url.includes('partNumber=') && ++parts <= 3 ? { resetRequestAfter: 2 * MiB } : null,
    )
    await storage.put(key, streamOf(data))
    expect(parts).toBe(4 + 3)
    await expectStored(key, data)
  })

  it('reads on where a response was reset', async () => {
    const storage = createS3Storage(options)
    const [key, data] = [newKey(), randomBytes(12 * MiB)]
    await storage.put(key, data)
    let resets = 0
    proxy.setFault(({ method }) =>
      method === 'GET' && ++resets <= 4 ? { resetResponseAfter: 2 * MiB } : null,
    )
    expect((await buffer(await storage.read(key))).equals(data)).toBe(true)
    expect(resets).toBe(5)
    resets = 0
    const part = await buffer(await storage.read(key, { range: { start: 1_000, end: 10 * MiB } }))
    expect(part.equals(data.subarray(1_000, 10 * MiB + 1))).toBe(true)
  })

  it('never mixes two versions of a file', async () => {
    const storage = createS3Storage(options)
    const key = newKey()
    await storage.put(key, randomBytes(12 * MiB))
    let resets = 0
    proxy.setFault(({ method }) =>
      method === 'GET' && ++resets === 1 ? { resetResponseAfter: 2 * MiB } : null,
    )
    const stream = await storage.read(key)
    await storage.put(key, randomBytes(12 * MiB))
    await expect(buffer(stream)).rejects.toThrow()
  })

  it('stores a file while the service is away for a while', async () => {
    const storage = createS3Storage({ ...options, patienceMs: 60_000 })
    const [key, data] = [newKey(), randomBytes(20 * MiB)]
    proxy.leave()
    const storing = storage.put(key, streamOf(data))
    await delay(5_000)
    proxy.comeBack()
    await storing
    await expectStored(key, data)
  })

  it('reports why it cannot be used', async () => {
    const storage = createS3Storage({ ...options, patienceMs: 1_000 })
    const key = newKey()
    const put = () => storage.put(key, Buffer.from('x'))
    for (const code of ['ExpiredToken', 'AccessDenied', 'InvalidAccessKeyId']) {
      proxy.setFault(() => ({ status: 403, code }))
      await expect(put()).rejects.toMatchObject({ code: 'storage.credentials', status: 503 })
      await expect(storage.stat(key)).rejects.toMatchObject({ code: 'storage.credentials' })
    }
    proxy.setFault(() => null)
    const wrong = { ...options.credentials!, secretAccessKey: 'wrong' }
    const refused = createS3Storage({ ...options, credentials: wrong })
    await expect(refused.stat(key)).rejects.toMatchObject({ code: 'storage.credentials' })
    const lost = createS3Storage({ ...options, bucket: 'no-such-bucket' })
    await expect(lost.put(key, Buffer.from('x'))).rejects.toMatchObject({ code: 'storage.bucket_missing' })
    await expect(lost.stat(key)).rejects.toMatchObject({ code: 'storage.bucket_missing' })
    await expect(lost.read(key)).rejects.toMatchObject({ code: 'storage.bucket_missing' })
    proxy.leave()
    await expect(put()).rejects.toMatchObject({ code: 'storage.unavailable', status: 503 })
  })
})

describe.runIf(service)('a video that is made while the storage fails', () => {
  const SECONDS = 60
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-storage-faults-'))
  const clip = path.join(dir, 'clip.mkv')
  let proxy: Awaited<ReturnType<typeof startS3FaultProxy>>
  let web: Web
  let user: TestUser
  let worker: Awaited<ReturnType<typeof startWorker>>
  beforeAll(async () => {
    const encode = '-c:v mpeg4 -q:v 5 -c:a aac'
    const inputs = `-f lavfi -i testsrc2=s=854x480:r=25:d=${SECONDS} -f lavfi -i sine=f=440:d=${SECONDS}`
    execFileSync('ffmpeg', ['-v', 'error', ...`${inputs} ${encode}`.split(' '), clip])
    proxy = await startS3FaultProxy(service!)
    const env = toEnv(await createBucket(proxy.service))
    web = await startWeb({ databaseUrl: database.url, env })
    user = await web.createUser('fault@example.com')
    worker = await startWorker(web, { DATA_DIR: path.join(dir, 'worker') })
  })
  afterAll(async () => {
    await worker?.stop('SIGTERM')
    await web?.stop()
    proxy?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  const faults: Record<string, { begin(): void; end(): void; lastsMs: number }> = {
    'is away for a minute': {
      begin: () => proxy.leave(),
      end: () => proxy.comeBack(),
      lastsMs: 60_000,
    },
    'refuses expired credentials for 20 s': {
      begin: () => proxy.setFault(() => ({ status: 403, code: 'ExpiredToken' })),
      end: () => proxy.setFault(() => null),
      lastsMs: 20_000,
    },
  }
  it.each(Object.keys(faults))('is complete, and spends one attempt, when the storage %s', async (name) => {
    const { begin, end, lastsMs } = faults[name]!
    const body = new Uint8Array(readFileSync(clip))
    const response = await user.fetch('/api/v1/videos?filename=clip.mkv', { method: 'POST', body })
    expect(response.status).toBe(202)
    const { video, task } = (await response.json()) as { video: VideoDto; task: TaskDto }
    const countSegments = () => database.db.segment.count({ where: { rendition: { videoId: video.id } } })
    await expect.poll(countSegments, { timeout: 60_000, interval: 50 }).toBeGreaterThan(3)
    begin()
    const away = await user.fetch(`/media/videos/${video.id}/source`)
    expect([away.status, away.headers.get('content-type')]).toEqual([503, 'application/problem+json'])
    await delay(lastsMs)
    end()
    const tasks = () => database.db.task.findMany({ where: { videoId: video.id }, orderBy: { id: 'asc' } })
    const states = async () => [...new Set((await tasks()).map(({ state }) => state))]
    await expect.poll(states, { timeout: 180_000, interval: 250 }).toEqual(['done'])
    for (const { kind, attempts } of await tasks()) expect(`${kind} ${attempts}`).toBe(`${kind} 1`)
    expect((await user.fetchJson<TaskDto>(`/api/v1/tasks/${task.id}`)).state).toBe('done')
    const renditions = await database.db.rendition.findMany({
      where: { videoId: video.id },
      include: { segments: true },
    })
    for (const { name, segments } of renditions) {
      const seconds = segments.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)
      expect(`${name} ${Math.round(seconds)} s`).toBe(`${name} ${SECONDS} s`)
      for (const { index, sizeBytes } of segments) {
        const url = `/media/videos/${video.id}/hls/${name}/${index}.m4s`
        const bytes = await (await user.fetch(url)).arrayBuffer()
        expect(bytes.byteLength, url).toBe(sizeBytes)
      }
    }
    const source = Buffer.from(await (await user.fetch(`/media/videos/${video.id}/source`)).arrayBuffer())
    const hash = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')
    expect(hash(source)).toBe(hash(body))
    await user.fetch(`/api/v1/videos/${video.id}`, { method: 'DELETE' })
  })
})
