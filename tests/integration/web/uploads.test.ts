import { createHash } from 'node:crypto'
import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeExpiredUploads } from '@/lib/uploads/expire'
import { useDatabase } from '@/tests/support/database'
import { makeMedia } from '@/tests/support/media'
import { createUpload, headUpload, locationOf, patchUpload } from '@/tests/support/tus'
import { type Person, startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
const MB = 1e6
let web: Web
let ada: Person
let clip: Buffer
beforeAll(async () => {
  web = await startWeb({
    databaseUrl: database.url,
    env: { UPLOAD_MAX_BYTES: String(20 * MB), STORAGE_QUOTA_BYTES: String(30 * MB) },
  })
  ada = await web.person('ada@example.com')
  clip = readFileSync(await makeMedia('web-safe.mp4'))
})
afterAll(() => web.stop())

const announce = async (sizeBytes: number) =>
  locationOf(await createUpload(ada, { name: 'film.mp4', sizeBytes }))
const waitingFiles = () => readdirSync(path.join(web.dataDir, 'uploads'))
const problemOf = async (answer: Response) => ({
  status: answer.status,
  ...((await answer.json()) as { code: string; title: string }),
})

describe('an upload', () => {
  it('becomes a video with the checksum of the file, whatever pieces it came in', async () => {
    const at = await announce(clip.length)
    const middle = 100_000
    expect((await patchUpload(ada, at, 0, clip.subarray(0, middle))).status).toBe(204)
    expect((await headUpload(ada, at)).headers.get('upload-offset')).toBe(String(middle))
    const last = await patchUpload(ada, at, middle, clip.subarray(middle))
    const { videoId } = (await last.json()) as { videoId: string }
    const video = await database.db.video.findUniqueOrThrow({
      where: { id: videoId },
      include: { tasks: true },
    })
    expect(video.sha256).toBe(createHash('sha256').update(clip).digest('hex'))
    expect(video.tasks.map((task) => task.kind)).toContain('video.transcode')
    expect(waitingFiles()).toEqual([])
  })

  it('goes on where it was after the web process crashed', async () => {
    const at = await announce(clip.length)
    await patchUpload(ada, at, 0, clip.subarray(0, 50_000))
    await web.crash()
    expect((await headUpload(ada, at)).headers.get('upload-offset')).toBe('50000')
    const last = await patchUpload(ada, at, 50_000, clip.subarray(50_000))
    const { videoId } = (await last.json()) as { videoId: string }
    const { sha256 } = await database.db.video.findUniqueOrThrow({ where: { id: videoId } })
    expect(sha256).toBe(createHash('sha256').update(clip).digest('hex'))
  })

  it('is told to be whole to a client that missed the last answer, and makes no second video', async () => {
    const at = await announce(clip.length)
    await patchUpload(ada, at, 0, clip)
    const before = await database.db.video.count()
    const again = await headUpload(ada, at)
    expect([again.status, again.headers.get('upload-offset')]).toEqual([200, String(clip.length)])
    expect(await database.db.video.count()).toBe(before)
  })

  it('that arrived whole before a crash becomes a video though its sender has left', async () => {
    const at = await announce(clip.length)
    await patchUpload(ada, at, 0, clip.subarray(0, clip.length - 1))
    const id = at.split('/').at(-1)!
    // The last byte reached the disk, and the process died before anything was registered.
    appendFileSync(path.join(web.dataDir, 'uploads', id), clip.subarray(-1))
    await web.crash()
    await expect
      .poll(async () => (await database.db.upload.findUniqueOrThrow({ where: { id } })).videoId)
      .not.toBeNull()
  })

  it('is removed when nobody went on with it in time', async () => {
    const at = await announce(clip.length)
    const id = at.split('/').at(-1)!
    await patchUpload(ada, at, 0, clip.subarray(0, 1_000))
    expect(waitingFiles()).toContain(id)
    await database.db.upload.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } })
    process.env.DATA_DIR = web.dataDir
    expect(await removeExpiredUploads({ db: database.db })).toBe(1)
    expect(waitingFiles()).toEqual([])
    expect((await headUpload(ada, at)).status).toBe(404)
  })
})

describe('refused before a byte is sent, with the numbers', () => {
  it('is a file that is too large', async () => {
    const answer = await createUpload(ada, { name: 'film.mp4', sizeBytes: 21 * MB })
    // tus checks its own limit first and speaks plain text.
    expect(answer.status).toBe(413)
  })

  it('is a file beyond the quota', async () => {
    const eve = await web.person('eve@example.com')
    const first = await createUpload(eve, { name: 'film.mp4', sizeBytes: 20 * MB })
    expect(first.status).toBe(201)
    const problem = await problemOf(await createUpload(eve, { name: 'film.mp4', sizeBytes: 15 * MB }))
    expect(problem).toMatchObject({ status: 413, code: 'upload.quota_exceeded' })
    expect(problem.title).toBe('The file has 15.0 MB; you use 20.0 MB of your 30.0 MB.')
  })

  it('is a file for which the disk has no room', async () => {
    const full = await startWeb({
      databaseUrl: database.url,
      env: { DISK_RESERVE_BYTES: String(Number.MAX_SAFE_INTEGER) },
    })
    try {
      const bob = await full.person('bob@example.com')
      const problem = await problemOf(await createUpload(bob, { name: 'film.mp4', sizeBytes: 5 * MB }))
      expect(problem).toMatchObject({ status: 507, code: 'upload.disk_full' })
      expect(problem.title).toBe('The file has 5.0 MB; the server has room for 0 bytes.')
      const direct = await bob.ask('/api/v1/videos?filename=film.mp4', {
        method: 'POST',
        body: new Uint8Array(clip),
      })
      expect(await problemOf(direct)).toMatchObject({ status: 507, code: 'upload.disk_full' })
    } finally {
      await full.stop()
    }
  })

  it('is an empty file', async () => {
    const problem = await problemOf(await createUpload(ada, { name: 'film.mp4', sizeBytes: 0 }))
    expect(problem).toMatchObject({ status: 400, code: 'upload.empty' })
  })
})

describe('refused for what it is', () => {
  it('is a text file named .mp4, by tus: nothing of it stays', async () => {
    const before = waitingFiles()
    const text = Buffer.from('this is no video at all\n'.repeat(1_000))
    const at = await announce(text.length)
    const problem = await problemOf(await patchUpload(ada, at, 0, text))
    expect(problem).toMatchObject({ status: 415, code: 'video.not_media' })
    expect(waitingFiles()).toEqual(before)
    expect(await database.db.upload.findUnique({ where: { id: at.split('/').at(-1)! } })).toBeNull()
  })

  it('is a text file named .mp4, as the body of a request', async () => {
    const before = waitingFiles()
    const answer = await ada.ask('/api/v1/videos?filename=a.mp4', {
      method: 'POST',
      body: 'no video '.repeat(2_000),
    })
    expect(await problemOf(answer)).toMatchObject({ status: 415, code: 'video.not_media' })
    expect(waitingFiles()).toEqual(before)
  })
})
