import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { S3Options } from '@/lib/storage/s3/s3-client'
import { createS3Storage } from '@/lib/storage/s3/s3-storage'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { startS3FaultProxy } from '@/tests/support/s3-fault-proxy'
import { createBucket, toEnv } from '@/tests/support/s3-fixture'
import { startS3Service } from '@/tests/support/s3-service'
import { createUpload, headUpload, locationOf, patchUpload } from '@/tests/support/tus-client'
import { startWeb, type Web } from '@/tests/support/web'

const MiB = 1024 ** 2
const database = useDatabase()
const service = await startS3Service()
afterAll(() => service?.stop())

describe.runIf(service)('an upload into a real S3 service that fails', () => {
  let proxy: Awaited<ReturnType<typeof startS3FaultProxy>>
  let options: S3Options
  let web: Web
  let ada: TestUser
  let file: Buffer
  let sha256: string
  beforeAll(async () => {
    proxy = await startS3FaultProxy(service!)
    options = await createBucket(proxy.service)
    web = await startWeb({ databaseUrl: database.url, env: toEnv(options) })
    ada = await web.createUser('ada@example.com')
    file = Buffer.concat([readFileSync(await generateMedia('web-safe.mp4')), randomBytes(30 * MiB)])
    sha256 = createHash('sha256').update(file).digest('hex')
  })
  afterEach(() => {
    proxy.setFault(() => null)
    proxy.comeBack()
  })
  afterAll(async () => {
    await web?.stop()
    proxy?.close()
  })

  const begin = async () => locationOf(await createUpload(ada, { name: 'film.mp4', sizeBytes: file.length }))
  const isPart = ({ path }: { path: string }) => path.includes('partNumber=')
  async function expectVideo(response: Response) {
    expect(response.status).toBe(200)
    const { videoId } = (await response.json()) as { videoId: string }
    const video = await database.db.video.findUniqueOrThrow({ where: { id: videoId } })
    expect(video.sha256).toBe(sha256)
    const stored = await buffer(await createS3Storage(options).read(video.sourceKey))
    expect(stored.equals(file)).toBe(true)
  }

  it('is stored in one request although connections are reset within parts', async () => {
    const at = await begin()
    let parts = 0
    proxy.setFault((request) => (isPart(request) && ++parts % 2 === 1 ? { resetRequestAfter: MiB } : null))
    await expectVideo(await patchUpload(ada, { at, offset: 0, body: file }))
    expect(parts).toBeGreaterThan(6)
  })

  it('is stored in one request although the service asks to slow down', async () => {
    const at = await begin()
    let requests = 0
    proxy.setFault(() => (++requests % 3 === 1 ? { status: 503, code: 'SlowDown' } : null))
    await expectVideo(await patchUpload(ada, { at, offset: 0, body: file }))
  })

  it('is stored although the response to its completion is lost', async () => {
    const at = await begin()
    let completions = 0
    proxy.setFault(({ method, path }) =>
      method === 'POST' && path.includes('uploadId=') && ++completions === 1 ? { loseResponse: true } : null,
    )
    await expectVideo(await patchUpload(ada, { at, offset: 0, body: file }))
    expect(completions).toBeGreaterThan(1)
  })

  it('is continued where it stopped by a client that retries, when the storage was away for a minute', async () => {
    const at = await begin()
    let parts = 0
    proxy.setFault((request) => {
      if (isPart(request) && ++parts === 3) {
        proxy.leave()
        setTimeout(() => proxy.comeBack(), 60_000)
      }
      return null
    })
    const offsets: number[] = []
    const statuses: number[] = []
    const startedAt = performance.now()
    for (let last: Response | null = null; ;) {
      const head = await headUpload(ada, at)
      statuses.push(head.status)
      if (head.ok) {
        const offset = Number(head.headers.get('upload-offset'))
        offsets.push(offset)
        last = await patchUpload(ada, { at, offset, body: file.subarray(offset) }).catch(() => null)
        if (last) statuses.push(last.status)
        if (last?.ok) {
          await expectVideo(last)
          break
        }
      }
      await delay(1_000)
      expect(performance.now() - startedAt).toBeLessThan(120_000)
    }
    expect(performance.now() - startedAt).toBeGreaterThan(60_000)
    expect(new Set(statuses)).toEqual(new Set([200, 503]))
    expect(offsets[0]).toBe(0)
    expect(offsets.at(-1)).toBeGreaterThanOrEqual(8 * MiB)
  })

  it('is not set back by what a process that lost it stores late', async () => {
    const { resumable: writes } = createS3Storage(options)
    const key = `videos/${randomUUID()}/source.mp4`
    const write = { id: await writes.begin(key), key, sizeBytes: file.length }
    const dataOf = (start: number, end: number) => Readable.from([file.subarray(start, end)])
    await writes.append(write, { offset: 0, data: dataOf(0, 3 * MiB) })
    const late = new Readable({ read() {} })
    late.push(file.subarray(3 * MiB, 4 * MiB))
    const losing = writes.append(write, { offset: 3 * MiB, data: late })
    await writes.append(write, { offset: 3 * MiB, data: dataOf(3 * MiB, 7 * MiB) })
    late.push(null)
    await losing
    expect(await writes.countBytes(write)).toBe(7 * MiB)
    const stale = new Readable({ read() {} })
    const losingPart = writes.append(write, { offset: 7 * MiB, data: stale })
    await expect.poll(() => proxy.requests.at(-1)?.method).toBe('GET')
    await writes.append(write, { offset: 7 * MiB, data: dataOf(7 * MiB, 17 * MiB) })
    stale.push(file.subarray(7 * MiB, 9 * MiB))
    stale.push(null)
    await losingPart
    expect(await writes.countBytes(write)).toBe(17 * MiB)
    await writes.append(write, { offset: 17 * MiB, data: dataOf(17 * MiB, file.length) })
    await writes.complete(write)
    await writes.complete(write)
    const storage = createS3Storage(options)
    expect((await buffer(await storage.read(key))).equals(file)).toBe(true)
    expect(await storage.list(key.replace('/source.mp4', ''))).toEqual(['source.mp4'])
  })
})
