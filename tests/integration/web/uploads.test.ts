// Over 200 lines because it covers both upload protocols and all limits with one web process.

import { createHash } from 'node:crypto'
import { appendFileSync, readdirSync, readFileSync, utimesSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createLocalStorage } from '@/lib/storage/local-storage'
import type { VideoDto } from '@/lib/videos/schema'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { readProblem } from '@/tests/support/read-problem'
import { sendAndDisconnect } from '@/tests/support/send-and-disconnect'
import { createUpload, headUpload, locationOf, patchUpload, deleteUpload } from '@/tests/support/tus-client'
import type { TestUser } from '@/tests/support/accounts'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
const MB = 1e6
let web: Web
let ada: TestUser
let clip: Buffer
beforeAll(async () => {
  web = await startWeb({
    databaseUrl: database.url,
    env: { UPLOAD_MAX_BYTES: String(20 * MB), STORAGE_QUOTA_BYTES: String(30 * MB) },
  })
  ada = await web.createUser('ada@example.com')
  clip = readFileSync(await generateMedia('web-safe.mp4'))
})
afterAll(() => web.stop())

const createUploadOf = async (sizeBytes: number) =>
  locationOf(await createUpload(ada, { name: 'film.mp4', sizeBytes }))
const listUploadFiles = () => readdirSync(path.join(web.dataDir, 'uploads'))

describe('an upload', () => {
  it('becomes a video with the checksum of the file when it arrives in several parts', async () => {
    const at = await createUploadOf(clip.length)
    const middle = 100_000
    expect((await patchUpload(ada, { at, offset: 0, body: clip.subarray(0, middle) })).status).toBe(204)
    expect((await headUpload(ada, at)).headers.get('upload-offset')).toBe(String(middle))
    const last = await patchUpload(ada, { at, offset: middle, body: clip.subarray(middle) })
    const { videoId } = (await last.json()) as { videoId: string }
    const video = await database.db.video.findUniqueOrThrow({
      where: { id: videoId },
      include: { tasks: true },
    })
    expect(video.sha256).toBe(createHash('sha256').update(clip).digest('hex'))
    expect(video.tasks.map((task) => task.kind)).toContain('video.transcode')
    expect(listUploadFiles()).toEqual([])
  })

  it('resumes after the web process crashes', { tags: 'full' }, async () => {
    const at = await createUploadOf(clip.length)
    await patchUpload(ada, { at, offset: 0, body: clip.subarray(0, 50_000) })
    await web.crashAndRestart()
    expect((await headUpload(ada, at)).headers.get('upload-offset')).toBe('50000')
    const last = await patchUpload(ada, { at, offset: 50_000, body: clip.subarray(50_000) })
    const { videoId } = (await last.json()) as { videoId: string }
    const { sha256 } = await database.db.video.findUniqueOrThrow({ where: { id: videoId } })
    expect(sha256).toBe(createHash('sha256').update(clip).digest('hex'))
  })

  it('is reported as complete to a client that missed the last response, without creating a second video', async () => {
    const at = await createUploadOf(clip.length)
    await patchUpload(ada, { at, offset: 0, body: clip })
    const before = await database.db.video.count()
    const head = await headUpload(ada, at)
    expect([head.status, head.headers.get('upload-offset')]).toEqual([200, String(clip.length)])
    expect(await database.db.video.count()).toBe(before)
  })

  it('becomes one video when it is complete and several clients request its state at once', async () => {
    const at = await createUploadOf(clip.length)
    await patchUpload(ada, { at, offset: 0, body: clip.subarray(0, clip.length - 1) })
    appendFileSync(path.join(web.dataDir, 'uploads', at.split('/').at(-1)!), clip.subarray(-1))
    const before = await database.db.video.count()
    const heads = await Promise.all(Array.from({ length: 8 }, () => headUpload(ada, at)))
    expect(heads.map(({ status }) => status)).toEqual(heads.map(() => 200))
    expect(await database.db.video.count()).toBe(before + 1)
  })

  it('becomes a video without its client when it was complete before a crash', { tags: 'full' }, async () => {
    const at = await createUploadOf(clip.length)
    await patchUpload(ada, { at, offset: 0, body: clip.subarray(0, clip.length - 1) })
    const id = at.split('/').at(-1)!
    // The last byte reached the disk, but the process crashed before it registered the video.
    appendFileSync(path.join(web.dataDir, 'uploads', id), clip.subarray(-1))
    await web.crashAndRestart()
    await expect
      .poll(async () => (await database.db.upload.findUniqueOrThrow({ where: { id } })).videoId)
      .not.toBeNull()
  })

  it('ends when its video is deleted, which exists if a part of the file can be played', async () => {
    const at = await createUploadOf(clip.length)
    const id = at.split('/').at(-1)!
    const body = clip.subarray(0, 1_000)
    await patchUpload(ada, { at, offset: 0, body })
    const { ownerId, filename, sizeBytes } = await database.db.upload.findUniqueOrThrow({ where: { id } })
    const names = { title: 'film', filename, sourceKey: `videos/${id}/source.mp4` }
    await database.db.video.create({ data: { id, ownerId, sizeBytes, ...names } })
    await database.db.upload.update({ where: { id }, data: { earlyVideoId: id } })
    const { upload, sha256 } = await ada.fetchJson<VideoDto>(`/api/v1/videos/${id}`)
    expect([upload, sha256]).toEqual([{ receivedBytes: 1_000, sizeBytes: clip.length }, null])
    await ada.fetch(`/api/v1/videos/${id}`, { method: 'DELETE' })
    expect((await patchUpload(ada, { at, offset: 1_000, body })).status).toBe(404)
    expect(listUploadFiles()).toEqual([])
  })

  it('is deleted when it is not continued before it expires', async () => {
    const at = await createUploadOf(clip.length)
    const id = at.split('/').at(-1)!
    await patchUpload(ada, { at, offset: 0, body: clip.subarray(0, 1_000) })
    expect(listUploadFiles()).toContain(id)
    await database.db.upload.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } })
    const longAgo = new Date(0)
    utimesSync(path.join(web.dataDir, 'uploads', id), longAgo, longAgo)
    process.env.DATA_DIR = web.dataDir
    // Discards the cached configuration.
    vi.resetModules()
    const { removeExpiredUploads } = await import('@/lib/uploads/expire-uploads')
    const storage = createLocalStorage(path.join(web.dataDir, 'storage'))
    expect(await removeExpiredUploads({ db: database.db, storage })).toBe(1)
    expect(listUploadFiles()).toEqual([])
    expect((await headUpload(ada, at)).status).toBe(404)
  })
})

describe('the upload limits', () => {
  it('refuse a file that is too large, before it is sent', async () => {
    const problem = await readProblem(await createUpload(ada, { name: 'film.mp4', sizeBytes: 21 * MB }))
    expect(problem).toMatchObject({ status: 413, code: 'upload.too_large' })
    expect(problem.title).toBe('The file is 21.0 MB; the largest allowed is 20.0 MB.')
  })

  it('refuse a file that exceeds the quota', async () => {
    const eve = await web.createUser('eve@example.com')
    const first = await createUpload(eve, { name: 'film.mp4', sizeBytes: 20 * MB })
    expect(first.status).toBe(201)
    const problem = await readProblem(await createUpload(eve, { name: 'film.mp4', sizeBytes: 15 * MB }))
    expect(problem).toMatchObject({ status: 413, code: 'upload.quota_exceeded' })
    expect(problem.title).toBe('The file is 15.0 MB; you use 20.0 MB of your 30.0 MB.')
  })

  it('release the space of a canceled upload', async () => {
    const zoe = await web.createUser('zoe@example.com')
    const at = locationOf(await createUpload(zoe, { name: 'film.mp4', sizeBytes: 20 * MB }))
    expect((await deleteUpload(zoe, at)).status).toBe(204)
    expect((await createUpload(zoe, { name: 'film.mp4', sizeBytes: 20 * MB })).status).toBe(201)
  })

  it('count concurrent reservations', async () => {
    const lea = await web.createUser('lea@example.com')
    const file = { name: 'film.mp4', sizeBytes: 12 * MB }
    const created = await Promise.all(Array.from({ length: 8 }, () => createUpload(lea, file)))
    expect(created.filter(({ status }) => status === 201)).toHaveLength(2)
    expect(created.filter(({ status }) => status === 413)).toHaveLength(6)
  })

  it('refuse a body of unknown length while it is being sent', async () => {
    const before = listUploadFiles()
    const kim = await web.createUser('kim@example.com')
    const body = async function* () {
      yield clip
      for (let n = 0; n < 25; n++) yield new Uint8Array(MB)
    }
    const response = await kim.fetch('/api/v1/videos?filename=film.mp4', {
      method: 'POST',
      body: Readable.toWeb(Readable.from(body())) as ReadableStream,
      duplex: 'half',
    } as RequestInit)
    expect(await readProblem(response)).toMatchObject({ status: 413, code: 'upload.too_large' })
    expect(listUploadFiles()).toEqual(before)
    expect(await database.db.upload.count({ where: { owner: { email: kim.email } } })).toBe(0)
  })

  it('refuse a file that does not fit on the disk', { tags: 'full' }, async () => {
    const full = await startWeb({
      databaseUrl: database.url,
      env: { DISK_RESERVE_BYTES: String(Number.MAX_SAFE_INTEGER) },
    })
    try {
      const bob = await full.createUser('bob@example.com')
      const problem = await readProblem(await createUpload(bob, { name: 'film.mp4', sizeBytes: 5 * MB }))
      expect(problem).toMatchObject({ status: 507, code: 'upload.disk_full' })
      expect(problem.title).toBe('The file is 5.0 MB; the server has room for 0 bytes.')
      const direct = await bob.fetch('/api/v1/videos?filename=film.mp4', {
        method: 'POST',
        body: new Uint8Array(clip),
      })
      expect(await readProblem(direct)).toMatchObject({ status: 507, code: 'upload.disk_full' })
    } finally {
      await full.stop()
    }
  })

  it('refuse an empty file', async () => {
    const problem = await readProblem(await createUpload(ada, { name: 'film.mp4', sizeBytes: 0 }))
    expect(problem).toMatchObject({ status: 400, code: 'upload.empty' })
  })
})

describe('a file that is not media', () => {
  it('is refused by tus and leaves nothing behind', async () => {
    const before = listUploadFiles()
    const text = Buffer.from('this is no video at all\n'.repeat(1_000))
    const at = await createUploadOf(text.length)
    const problem = await readProblem(await patchUpload(ada, { at, offset: 0, body: text }))
    expect(problem).toMatchObject({ status: 415, code: 'video.not_media' })
    expect(listUploadFiles()).toEqual(before)
    expect(await database.db.upload.findUnique({ where: { id: at.split('/').at(-1)! } })).toBeNull()
  })

  it('is refused as a request body', async () => {
    const before = listUploadFiles()
    const response = await ada.fetch('/api/v1/videos?filename=a.mp4', {
      method: 'POST',
      body: 'no video '.repeat(2_000),
    })
    expect(await readProblem(response)).toMatchObject({ status: 415, code: 'video.not_media' })
    expect(listUploadFiles()).toEqual(before)
  })
})

describe('an error of the tus protocol', () => {
  it('is reported as problem+json', async () => {
    const at = await createUploadOf(clip.length)
    const wrong = await patchUpload(ada, { at, offset: 500, body: clip.subarray(500, 600) })
    expect(wrong.headers.get('content-type')).toBe('application/problem+json')
    expect(await readProblem(wrong)).toMatchObject({ status: 409, code: 'upload.offset_conflict' })
    await deleteUpload(ada, at)
  })
})

it('strips folders and control characters from names', async () => {
  const name = 'C:\\clips\\a\0b\u202egpj.mp4'
  const at = locationOf(await createUpload(ada, { name, sizeBytes: clip.length }))
  const { videoId } = (await (await patchUpload(ada, { at, offset: 0, body: clip })).json()) as {
    videoId: string
  }
  const read = async (init?: RequestInit) =>
    (await (await ada.fetch(`/api/v1/videos/${videoId}`, init)).json()) as { title: string; filename: string }
  expect(await read()).toMatchObject({ title: 'a b gpj', filename: 'a b gpj.mp4' })
  const rename = { method: 'PATCH', body: JSON.stringify({ title: ' x\0y ' }) }
  expect(await read(rename)).toMatchObject({ title: 'x y' })
})

it('responds to an upload that is refused midway, and discards the rest of its body', async () => {
  const { hostname, port } = new URL(web.url)
  const rest = Buffer.alloc(4 * MB)
  const begin = Buffer.from('not a video '.repeat(10_000))
  const socket = connect(Number(port), hostname)
  let received = ''
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()))
  const lines = [
    'POST /api/v1/videos?filename=letter.mp4 HTTP/1.1',
    'Host: x',
    `Authorization: Bearer ${ada.key}`,
    `Content-Length: ${begin.length + rest.length}`,
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  socket.write(begin)
  await expect.poll(() => received).toMatch(/^HTTP\/1.1 415 .*video\.not_media/s)
  socket.write(rest)
  socket.write('GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n')
  await expect.poll(() => received).toMatch(/HTTP\/1.1 200/)
  socket.destroy()
})

it('leaves nothing behind when a client disconnects before the first byte', async () => {
  const lines = [
    'POST /api/v1/videos?filename=gone.mp4 HTTP/1.1',
    'Host: x',
    `Authorization: Bearer ${ada.key}`,
    'Content-Length: 1000',
  ]
  const before = await database.db.upload.count()
  await sendAndDisconnect(web.url, lines)
  // Responds after them, so all of them were received.
  await ada.fetch('/api/v1/videos')
  await expect.poll(() => database.db.upload.count()).toBe(before)
})
