// Over 200 lines because it covers both upload protocols with one pair of web processes.

import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sourceKey } from '@/lib/storage/keys'
import type { S3Options } from '@/lib/storage/s3/s3-client'
import { createS3Storage } from '@/lib/storage/s3/s3-storage'
import { removeExpiredUploads } from '@/lib/uploads/expire-uploads'
import type { VideoDto } from '@/lib/videos/schema'
import { awaitS3Service } from '@/tests/support/await-s3-service'
import { atServer, type TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { readProblem } from '@/tests/support/read-problem'
import { createBucket, toEnv } from '@/tests/support/s3-fixture'
import { createUpload, deleteUpload, headUpload, locationOf, patchUpload } from '@/tests/support/tus-client'
import { startWeb, type Web } from '@/tests/support/web'

const MiB = 1024 ** 2
const service = await awaitS3Service()

describe.runIf(service)('with STORAGE=s3 and two web processes without a common disk', () => {
  const database = useDatabase()
  const tempDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-s3-uploads-'))
  let options: S3Options
  let webs: [Web, Web]
  /** The same user at each web process. */
  let users: [TestUser, TestUser]
  let file: Buffer
  let sha256: string
  beforeAll(async () => {
    options = await createBucket(service!)
    const env = { ...toEnv(options), TMPDIR: tempDir }
    webs = [
      await startWeb({ databaseUrl: database.url, env }),
      await startWeb({ databaseUrl: database.url, env }),
    ]
    const ada = await webs[0].createUser('ada@example.com')
    users = [ada, atServer(ada, webs[1].url)]
    // Two parts and a half.
    file = Buffer.concat([readFileSync(await generateMedia('web-safe.mp4')), randomBytes(20 * MiB)]).subarray(
      0,
      20 * MiB,
    )
    sha256 = createHash('sha256').update(file).digest('hex')
  })
  afterAll(async () => {
    for (const web of webs ?? []) await web.stop()
    rmSync(tempDir, { recursive: true, force: true })
  })
  afterEach(async () => {
    for (const { dataDir } of webs) expect(existsSync(path.join(dataDir, 'uploads'))).toBe(false)
    expect(await readdir(tempDir)).toEqual([])
  })

  const begin = async (sizeBytes = file.length) =>
    locationOf(await createUpload(users[0], { name: 'film.mp4', sizeBytes }))
  const idOf = (at: string) => at.split('/').at(-1)!
  const readOffset = async (user: TestUser, at: string) =>
    Number((await headUpload(user, at)).headers.get('upload-offset'))
  const storage = () => createS3Storage(options)
  const listStored = async () => {
    const keys: string[] = []
    for await (const { key } of storage().walk('videos')) keys.push(key)
    return keys.toSorted()
  }
  const countUnfinished = () => storage().removeUnfinished('videos', new Date(Date.now() + 60_000))

  async function expectVideo(response: Response) {
    expect(response.status).toBe(200)
    const { videoId } = (await response.json()) as { videoId: string }
    const video = await database.db.video.findUniqueOrThrow({ where: { id: videoId } })
    expect(video.sha256).toBe(sha256)
    expect((await buffer(await storage().read(video.sourceKey))).equals(file)).toBe(true)
    expect((await listStored()).filter((key) => key.includes(videoId))).toEqual([video.sourceKey])
    expect(await countUnfinished()).toBe(0)
  }

  /** Sends the first `bytes` of a part and keeps the connection open. */
  function sendPartly(user: TestUser, { at, offset, bytes }: { at: string; offset: number; bytes: number }) {
    const sent = request(new URL(at, user === users[0] ? webs[0].url : webs[1].url), {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${user.key}`,
        'tus-resumable': '1.0.0',
        'upload-offset': String(offset),
        'content-type': 'application/offset+octet-stream',
        'content-length': file.length - offset,
      },
    })
    sent.on('error', () => undefined)
    sent.write(file.subarray(offset, offset + bytes))
    return sent
  }
  const receivedBytes = async (at: string) =>
    Number((await database.db.upload.findUniqueOrThrow({ where: { id: idOf(at) } })).receivedBytes)

  it('stores an upload as the source of its video', async () => {
    const at = await begin()
    await expectVideo(await patchUpload(users[0], { at, offset: 0, body: file }))
    // To a client that missed the response.
    expect(await readOffset(users[1], at)).toBe(file.length)
  })

  it(
    'continues an upload whose connection broke in the other process, without a byte sent twice',
    { tags: 'full' },
    async () => {
      const at = await begin()
      const broken = sendPartly(users[0], { at, offset: 0, bytes: 13 * MiB })
      await expect.poll(() => receivedBytes(at)).toBe(13 * MiB)
      broken.destroy()
      expect(await readOffset(users[1], at)).toBe(13 * MiB)
      const offset = 13 * MiB
      await expectVideo(await patchUpload(users[1], { at, offset, body: file.subarray(offset) }))
    },
  )

  it('ends a request that stalls when another process continues its upload', { tags: 'full' }, async () => {
    const at = await begin()
    const stalled = sendPartly(users[0], { at, offset: 0, bytes: 9 * MiB })
    const closed = new Promise((resolve) => stalled.once('close', resolve))
    await expect.poll(() => receivedBytes(at)).toBe(9 * MiB)
    // Both wait for the lock; neither writes while the other does.
    const offset = await readOffset(users[1], at)
    expect(offset).toBe(9 * MiB)
    await closed
    await expectVideo(await patchUpload(users[1], { at, offset, body: file.subarray(offset) }))
  })

  it(
    'takes parts that are smaller than those of the storage, in turn by both processes',
    { tags: 'full' },
    async () => {
      const at = await begin()
      const partBytes = 1.5 * MiB
      let last: Response | undefined
      for (let offset = 0, n = 0; offset < file.length; offset += partBytes, n++) {
        const body = file.subarray(offset, offset + partBytes)
        last = await patchUpload(users[n % 2]!, { at, offset, body })
        expect(last.ok).toBe(true)
      }
      await expectVideo(last!)
    },
  )

  it('continues an upload after its web process was killed', { tags: 'full' }, async () => {
    const at = await begin()
    sendPartly(users[0], { at, offset: 0, bytes: 18 * MiB })
    await expect.poll(() => receivedBytes(at)).toBe(18 * MiB)
    const { storageWriteId } = await database.db.upload.findUniqueOrThrow({ where: { id: idOf(at) } })
    const write = { id: storageWriteId!, key: sourceKey(idOf(at), 'film.mp4'), sizeBytes: file.length }
    await expect.poll(() => storage().resumable.countBytes(write)).toBe(16 * MiB)
    await webs[0].crashAndRestart()
    // Waits until the lock of the dead process expires.
    const offset = await readOffset(users[1], at)
    expect(offset).toBe(16 * MiB)
    await expectVideo(await patchUpload(users[1], { at, offset, body: file.subarray(offset) }))
  })

  it(
    'registers an upload once that was complete when its web process died, with or without its client',
    { tags: 'full' },
    async () => {
      const stored: string[] = []
      for (const isComplete of [false, true]) {
        const at = await begin()
        const { storageWriteId } = await database.db.upload.findUniqueOrThrow({ where: { id: idOf(at) } })
        const write = { id: storageWriteId!, key: sourceKey(idOf(at), 'film.mp4'), sizeBytes: file.length }
        const data = (async function* () {
          yield file
        })()
        await storage().resumable.append(write, { offset: 0, data })
        if (isComplete) await storage().resumable.complete(write)
        stored.push(at)
      }
      const heads = await Promise.all(
        Array.from({ length: 8 }, (_, n) => headUpload(users[n % 2]!, stored[0]!)),
      )
      expect(new Set(heads.map(({ status }) => status))).toEqual(new Set([200]))
      await webs[1].crashAndRestart()
      for (const at of stored)
        await expect
          .poll(() => database.db.video.count({ where: { id: idOf(at), sha256 } }), { timeout: 20_000 })
          .toBe(1)
      expect(await countUnfinished()).toBe(0)
    },
  )

  it('leaves nothing of an upload that is no media, canceled or expired', { tags: 'full' }, async () => {
    const before = await listStored()
    const text = Buffer.from('this is no video at all\n'.repeat(500_000))
    const refused = await begin(text.length)
    const problem = await readProblem(await patchUpload(users[0], { at: refused, offset: 0, body: text }))
    expect(problem).toMatchObject({ status: 415, code: 'video.not_media' })
    const canceled = await begin()
    await patchUpload(users[0], { at: canceled, offset: 0, body: file.subarray(0, 9 * MiB) })
    expect((await deleteUpload(users[1], canceled)).status).toBe(204)
    const expired = await begin()
    await patchUpload(users[0], { at: expired, offset: 0, body: file.subarray(0, 9 * MiB) })
    expect(await listStored()).toHaveLength(before.length + 1)
    const { db } = database
    await db.upload.update({ where: { id: idOf(expired) }, data: { expiresAt: new Date(Date.now() - 1) } })
    expect(await removeExpiredUploads({ db, storage: storage() })).toBe(1)
    expect((await headUpload(users[1], expired)).status).toBe(404)
    expect(await listStored()).toEqual(before)
    expect(await countUnfinished()).toBe(0)
  })

  it('forgets an upload that the storage gave up', { tags: 'full' }, async () => {
    const at = await begin()
    await patchUpload(users[0], { at, offset: 0, body: file.subarray(0, 9 * MiB) })
    expect(await countUnfinished()).toBe(1)
    expect((await headUpload(users[0], at)).status).toBe(404)
    expect(await database.db.upload.count({ where: { id: idOf(at) } })).toBe(0)
  })

  it(
    'stores a request body as the source of its video, and nothing of one that breaks or is no media',
    { tags: 'full' },
    async () => {
      const post = (body: Uint8Array) =>
        users[0].fetch('/api/v1/videos?filename=film.mp4', { method: 'POST', body: body as BodyInit })
      const response = await post(file)
      expect(response.status).toBe(202)
      const { video } = (await response.json()) as { video: VideoDto }
      expect(video.sha256).toBe(sha256)
      const before = await listStored()
      expect(before).toContain(`videos/${video.id}/source.mp4`)
      const refused = await readProblem(await post(Buffer.from('no video '.repeat(1e6))))
      expect(refused).toMatchObject({ status: 415, code: 'video.not_media' })
      const broken = request(`${webs[0].url}/api/v1/videos?filename=film.mp4`, {
        method: 'POST',
        headers: { authorization: `Bearer ${users[0].key}`, 'content-length': file.length },
      })
      broken.on('error', () => undefined)
      broken.write(file.subarray(0, 17 * MiB))
      const where = { videoId: null, receivedBytes: { gte: 17 * MiB } }
      await expect.poll(() => database.db.upload.count({ where })).toBe(1)
      broken.destroy()
      await expect.poll(() => database.db.upload.count({ where: { videoId: null } })).toBe(0)
      await expect.poll(countUnfinished).toBe(0)
      expect(await listStored()).toEqual(before)
    },
  )
})
