// Over 200 lines because one worker with its videos shows exports, imports, and every hostile archive.

import { execFileSync } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { pack as createPack } from 'tar-stream'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createArchive, deleteArchive, removeExpiredArchives } from '@/lib/archives/commands'
import { deleteUploadedArchive, importArchive } from '@/lib/archives/import-archive'
import { importCaptionFile } from '@/lib/captions/import-file'
import { archiveKeys, sourceKey } from '@/lib/storage/keys'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import { removeExpiredUploads } from '@/lib/uploads/expire-uploads'
import { readStorageUsage } from '@/lib/uploads/storage-usage'
import { registerVideo } from '@/lib/videos/register-video'
import { findAge } from '@/tests/support/age-command'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { useTaskWorker } from '@/tests/support/task-worker'
import type { WorkerContext } from '@/worker/context'
import { createArchive as createArchiveHandler } from '@/worker/archives/create-archive'
import { importArchive as importArchiveHandler } from '@/worker/archives/import-archive'
import { openArchive } from '@/worker/archives/open-archive'
import { defineHandler } from '@/worker/runtime/handler'

// Before the imports, which read the configuration.
const dataDir = await vi.hoisted(async () => {
  const [{ mkdtempSync }, { tmpdir }] = await Promise.all([import('node:fs'), import('node:os')])
  const dir = mkdtempSync(`${tmpdir()}/meanwhile-archives-`)
  Object.assign(process.env, { DATA_DIR: dir })
  return dir
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

const PASSPHRASE = 'quokka quokka quokka'
const VTT = 'WEBVTT\n\n00:01.000 --> 00:02.000\nA line\n'
const database = useDatabase()
const worker = useTaskWorker(database, {
  handlers: [defineHandler(createArchiveHandler), defineHandler(importArchiveHandler)],
})
const deps = () => ({ db: database.db, boss: worker.boss, storage: worker.storage })
const ageProgram = findAge()
const runAge = (args: string[], input: Buffer) => execFileSync(ageProgram!, args, { input, maxBuffer: 1e9 })

let head: Buffer
let videos: { id: string; content: Buffer }[]

async function addVideo(filename: string, more: number) {
  const id = randomUUID()
  const content = Buffer.concat([head, randomBytes(more)])
  await worker.storage.put(sourceKey(id, filename), content)
  const sha256 = createHash('sha256').update(content).digest('hex')
  const file = { id, ownerId: worker.ownerId, filename, sizeBytes: content.length, sha256 }
  await registerVideo(deps(), file)
  await importCaptionFile(database.db, {
    videoId: id,
    ownerId: worker.ownerId,
    bytes: Buffer.from(VTT),
    language: 'de',
    label: 'Mine',
  })
  return { id, content }
}

beforeAll(async () => {
  head = readFileSync(await generateMedia('silent.mp4'))
  videos = [await addVideo('one ünïcode.mp4', 3_000_000), await addVideo('two.mov', 70_000)]
})

type Secret = { passphrase: string } | { recipients: string[] }

const begin = (secret: Secret, contents = { originals: true, renditions: false, captions: true }) =>
  createArchive(deps(), {
    ownerId: worker.ownerId,
    request: { videoIds: videos.map(({ id }) => id), ...contents, ...secret },
  })

async function exportVideos(secret: Secret) {
  const archive = await begin(secret)
  const task = await worker.awaitTask(archive.taskId!)
  expect(task.error).toBeNull()
  return {
    id: archive.id,
    task,
    bytes: await buffer(await worker.storage.read(archiveKeys(archive.id).archive)),
  }
}

const readArchive = (id: string) => database.db.archive.findUniqueOrThrow({ where: { id } })

/** Uploads an archive, as the tus server leaves it. */
async function upload(bytes: Buffer) {
  const id = randomUUID()
  const row = { id, ownerId: worker.ownerId, filename: 'backup.age', sizeBytes: bytes.length }
  const expiresAt = new Date(Date.now() + 60_000)
  await worker.storage.put(sourceKey(id, row.filename), bytes)
  await database.db.upload.create({ data: { ...row, expiresAt, isArchive: true, isStored: true } })
  return id
}

async function runImport(uploadId: string, secret: { passphrase: string } | { identity: string }) {
  const taskId = await importArchive(deps(), { ownerId: worker.ownerId, request: { uploadId, ...secret } })
  const task = await worker.awaitTask(taskId)
  return { task, error: task.error as { code: string; message: string } | null }
}

const listVideoIds = async () =>
  (await database.db.video.findMany({ where: { ownerId: worker.ownerId } })).map(({ id }) => id)

/** The videos that `work` creates, which are removed afterwards. */
async function withNewVideos<T>(work: () => Promise<T>) {
  const before = new Set(await listVideoIds())
  const result = await work()
  const created = await database.db.video.findMany({
    where: { ownerId: worker.ownerId, id: { notIn: [...before] } },
    include: { captions: true },
    orderBy: { createdAt: 'asc' },
  })
  const contents = await Promise.all(
    created.map(async (video) => buffer(await worker.storage.read(video.sourceKey))),
  )
  await database.db.task.deleteMany({ where: { videoId: { in: created.map(({ id }) => id) } } })
  await database.db.video.deleteMany({ where: { id: { in: created.map(({ id }) => id) } } })
  return { result, created, contents }
}

describe('an exported archive', () => {
  it.runIf(ageProgram !== null)('is opened by the age and tar commands', async () => {
    const identity = await generateIdentity()
    const { bytes } = await exportVideos({ recipients: [await identityToRecipient(identity)] })
    const dir = path.join(dataDir, 'opened')
    mkdirSync(dir)
    writeFileSync(path.join(dir, 'key'), identity)
    writeFileSync(path.join(dir, 'a.tar'), runAge(['-d', '-i', path.join(dir, 'key')], bytes))
    execFileSync('tar', ['xf', 'a.tar'], { cwd: dir })
    expect(readdirSync(path.join(dir, 'videos'))).toEqual(['0001', '0002'])
    const originals = [
      readFileSync(path.join(dir, 'videos/0001/original/one ünïcode.mp4')),
      readFileSync(path.join(dir, 'videos/0002/original/two.mov')),
    ]
    expect(originals.map((file, n) => file.equals(videos[n]!.content))).toEqual([true, true])
    expect(readFileSync(path.join(dir, 'videos/0001/captions/1.de.vtt'), 'utf8')).toContain('A line')
  })

  it('keeps its passphrase in clear nowhere, and removes it', async () => {
    const { id, taskId } = await begin({ passphrase: PASSPHRASE })
    const { passphrase } = await readArchive(id)
    expect(passphrase).not.toContain('quokka')
    const task = await worker.awaitTask(taskId!)
    expect(JSON.stringify([task.payload, task.result, task.detail])).not.toContain('quokka')
    const lines = await database.db.taskLogLine.findMany({ where: { taskId: taskId! } })
    expect(JSON.stringify(lines.map(({ message }) => message))).not.toContain('quokka')
    expect(await readArchive(id)).toMatchObject({ passphrase: null, isComplete: true })
    const bytes = await buffer(await worker.storage.read(archiveKeys(id).archive))
    expect(bytes.includes('original')).toBe(false)
    // The package derives the key itself.
    const decrypter = new Decrypter()
    decrypter.addPassphrase(PASSPHRASE)
    const plain = Buffer.from(await decrypter.decrypt(bytes))
    expect(plain.includes(videos[0]!.content)).toBe(true)
  })

  it('counts toward the storage of its owner until it is deleted or expires', async () => {
    const usage = async () => (await readStorageUsage(database.db, { ownerId: worker.ownerId })).usedBytes
    const before = await usage()
    const { id, bytes } = await exportVideos({ passphrase: PASSPHRASE })
    expect(await usage()).toBe(before + bytes.length)
    await deleteArchive(deps(), { id, ownerId: worker.ownerId })
    expect(await usage()).toBe(before)
    expect(await worker.storage.list(archiveKeys(id).folder)).toEqual([])
    const expired = await exportVideos({ passphrase: PASSPHRASE })
    expect(await removeExpiredArchives(deps())).toBe(0)
    await database.db.archive.update({ where: { id: expired.id }, data: { expiresAt: new Date(0) } })
    expect(await removeExpiredArchives(deps())).toBe(1)
    expect(await worker.storage.list(archiveKeys(expired.id).folder)).toEqual([])
  })

  it('is refused beyond the quota, without files, and with an invalid key', async () => {
    const { usedBytes } = await readStorageUsage(database.db, { ownerId: worker.ownerId })
    const limit = (storageQuotaBytes: number | null) =>
      database.db.user.update({ where: { id: worker.ownerId }, data: { storageQuotaBytes } })
    await limit(usedBytes + 1_000)
    await expect(begin({ passphrase: PASSPHRASE })).rejects.toMatchObject({ code: 'storage.quota_exceeded' })
    await limit(null)
    const contents = { originals: false, renditions: true, captions: false }
    await expect(begin({ passphrase: PASSPHRASE }, contents)).rejects.toMatchObject({ code: 'archive.empty' })
    const recipients = [`age1${'q'.repeat(58)}`]
    await expect(begin({ recipients })).rejects.toMatchObject({ code: 'archive.recipient_invalid' })
  })

  it('ends when it is canceled, and needs its passphrase again for a retry', async () => {
    const read = worker.storage.read.bind(worker.storage)
    const started = Promise.withResolvers<void>()
    const blocked = Promise.withResolvers<void>()
    vi.spyOn(worker.storage, 'read').mockImplementation(async (key, options) => {
      started.resolve()
      await blocked.promise
      return read(key, options)
    })
    const { id, taskId } = await begin({ passphrase: PASSPHRASE })
    await started.promise
    await cancelTask({ ...deps(), taskId: taskId!, ownerId: worker.ownerId })
    blocked.resolve()
    vi.restoreAllMocks()
    expect(await readArchive(id)).toMatchObject({ passphrase: null, sizeBytes: 0n })
    await expect.poll(() => worker.storage.list(archiveKeys(id).folder)).toEqual([])
    await retryTask({ ...deps(), taskId: taskId!, ownerId: worker.ownerId })
    expect((await worker.awaitTask(taskId!)).error).toMatchObject({ code: 'archive.passphrase_removed' })
  })
})

describe('an imported archive', () => {
  it('brings back videos and captions, once', async () => {
    const { bytes } = await exportVideos({ passphrase: PASSPHRASE })
    const uploadId = await upload(bytes)
    const { created, contents } = await withNewVideos(async () => {
      expect(await runImport(uploadId, { passphrase: PASSPHRASE })).toMatchObject({
        error: null,
        task: { result: { videos: 2 } },
      })
    })
    expect(created).toMatchObject([
      { title: 'one ünïcode', filename: 'one ünïcode.mp4', captions: [{ language: 'de', label: 'Mine' }] },
      { title: 'two', captions: [{ cueCount: 1 }] },
    ])
    expect(contents.map((file, n) => file.equals(videos[n]!.content))).toEqual([true, true])
    expect(await database.db.upload.count({ where: { id: uploadId } })).toBe(0)
    expect(await worker.storage.list(`videos/${uploadId}`)).toEqual([])
    expect(await database.db.archiveImport.findFirst({ where: { secret: { not: null } } })).toBeNull()
  })

  it.runIf(ageProgram !== null)(
    'may be encrypted by the age command, and is opened with the secret key',
    async () => {
      const own = await generateIdentity()
      const { bytes } = await exportVideos({ recipients: [await identityToRecipient(own)] })
      const decrypter = new Decrypter()
      decrypter.addIdentity(own)
      const identity = await generateIdentity()
      const again = runAge(
        ['-r', await identityToRecipient(identity)],
        Buffer.from(await decrypter.decrypt(bytes)),
      )
      const { created } = await withNewVideos(async () => {
        const uploadId = await upload(again)
        expect((await runImport(uploadId, { identity: own })).error?.code).toBe('archive.wrong_secret')
        expect((await runImport(uploadId, { identity })).error).toBeNull()
      })
      expect(created.length).toBe(2)
    },
  )

  it('stays for another try after a wrong passphrase', async () => {
    const uploadId = await upload((await exportVideos({ passphrase: PASSPHRASE })).bytes)
    const { created } = await withNewVideos(async () => {
      expect((await runImport(uploadId, { passphrase: 'wrong' })).error?.code).toBe('archive.wrong_secret')
      expect((await runImport(uploadId, { passphrase: PASSPHRASE })).error).toBeNull()
    })
    expect(created.length).toBe(2)
  })

  it('continues after an interruption without importing a video twice', { tags: 'full' }, async () => {
    const uploadId = await upload((await exportVideos({ passphrase: PASSPHRASE })).bytes)
    const put = worker.storage.put.bind(worker.storage)
    let puts = 0
    vi.spyOn(worker.storage, 'put').mockImplementation(async (...args) => {
      if (++puts === 2) throw new Error('the disk failed')
      return put(...args)
    })
    const { created } = await withNewVideos(async () => {
      const { task } = await runImport(uploadId, { passphrase: PASSPHRASE })
      expect(task).toMatchObject({ state: 'done', attempts: 2 })
    })
    vi.restoreAllMocks()
    expect(created.map(({ captions }) => captions.length)).toEqual([1, 1])
  })
})

describe('an archive that cannot be imported now', () => {
  it(
    'stays after a fault of the storage, and is imported by the next attempt',
    { tags: 'full' },
    async () => {
      const { bytes } = await exportVideos({ passphrase: PASSPHRASE })
      const uploadId = await upload(bytes)
      const read = worker.storage.read.bind(worker.storage)
      const broken = new PassThrough()
      broken.write(bytes.subarray(0, bytes.length / 2), () =>
        broken.destroy(Object.assign(new Error('i/o error'), { code: 'EIO' })),
      )
      let reads = 0
      vi.spyOn(worker.storage, 'read').mockImplementation(async (...args) =>
        ++reads === 1 ? broken : read(...args),
      )
      const { created } = await withNewVideos(async () => {
        const { task, error } = await runImport(uploadId, { passphrase: PASSPHRASE })
        expect({ error, attempts: task.attempts }).toEqual({ error: null, attempts: 2 })
      })
      vi.restoreAllMocks()
      expect(created.length).toBe(2)
    },
  )

  it('is not imported by an earlier task that is retried after a newer one', { tags: 'full' }, async () => {
    const uploadId = await upload((await exportVideos({ passphrase: PASSPHRASE })).bytes)
    const { task: earlier } = await runImport(uploadId, { passphrase: 'wrong' })
    await runImport(uploadId, { passphrase: 'wrong again' })
    await retryTask({ ...deps(), taskId: earlier.id, ownerId: worker.ownerId })
    expect((await worker.awaitTask(earlier.id)).error).toMatchObject({ code: 'archive.import_superseded' })
  })

  it('does not expire while its import runs, and a canceled import leaves no reservation', async () => {
    const uploadId = await upload((await exportVideos({ passphrase: PASSPHRASE })).bytes)
    const stored = Promise.withResolvers<void>()
    const blocked = Promise.withResolvers<void>()
    const put = worker.storage.put.bind(worker.storage)
    vi.spyOn(worker.storage, 'put').mockImplementation(async (...args) => {
      stored.resolve()
      await blocked.promise
      return put(...args)
    })
    const request = { uploadId, passphrase: PASSPHRASE }
    const taskId = await importArchive(deps(), { ownerId: worker.ownerId, request })
    await stored.promise
    const where = { id: uploadId }
    await database.db.upload.update({ where, data: { expiresAt: new Date(0) } })
    expect(await removeExpiredUploads(deps())).toBe(0)
    expect(await database.db.upload.count({ where })).toBe(1)
    const whereReserved = { ownerId: worker.ownerId, isArchive: false, videoId: null }
    const [reserved] = await database.db.upload.findMany({ where: whereReserved })
    // As if its worker had been killed: only the next one cleans up.
    const { id: importId } = await database.db.archiveImport.findUniqueOrThrow({ where: { uploadId } })
    await importArchiveHandler.discard!({
      taskId,
      payload: { importId },
      context: deps() as unknown as WorkerContext,
    })
    expect(reserved).toBeDefined()
    expect(await database.db.upload.count({ where: whereReserved })).toBe(0)
    await cancelTask({ ...deps(), taskId, ownerId: worker.ownerId })
    blocked.resolve()
    vi.restoreAllMocks()
    expect(await removeExpiredUploads(deps())).toBe(1)
    await removeExpiredArchives(deps())
    expect(await database.db.archiveImport.count({ where: { id: importId } })).toBe(0)
  })

  it('because its secret key is mistyped is refused when it is requested, and the key is not reported', async () => {
    const key = await generateIdentity()
    const identity = key.slice(0, -1) + (key.endsWith('Q') ? 'P' : 'Q')
    const request = { uploadId: await upload(Buffer.from('x')), identity }
    const requested: unknown = await importArchive(deps(), { ownerId: worker.ownerId, request }).catch(
      (error: unknown) => error,
    )
    const opened: unknown = await openArchive(PassThrough.from([]), { identity })
      .next()
      .catch((error: unknown) => error)
    for (const error of [requested, opened]) {
      expect(error).toMatchObject({ code: 'archive.identity_invalid', status: 422 })
      expect(inspect(error).toUpperCase()).not.toContain(identity.slice(20, 40))
    }
    expect(await database.db.archiveImport.count({ where: { uploadId: request.uploadId } })).toBe(0)
  })
})

interface TarEntry {
  name: string
  data?: Buffer | string
  type?: 'symlink' | 'link' | 'directory'
}

async function createTar(entries: TarEntry[]) {
  const pack = createPack()
  for (const { name, data = '', type } of entries)
    if (type) pack.entry({ name, type, linkname: '/etc/passwd' })
    else pack.entry({ name }, data)
  pack.finalize()
  return buffer(pack as unknown as AsyncIterable<Buffer>)
}

async function encrypt(plain: Buffer) {
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(10)
  encrypter.setPassphrase(PASSPHRASE)
  return Buffer.from(await encrypter.encrypt(plain))
}

const describeVideo = (paths: { original?: string; caption?: string }) => ({
  title: 'Hostile',
  filename: 'hostile.mp4',
  original: paths.original ? { path: paths.original, sha256: 'a'.repeat(64) } : null,
  renditions: [],
  captions: paths.caption ? [{ path: paths.caption, language: 'en', label: null }] : [],
})
const manifest = (found: object[]) => ({
  name: 'manifest.json',
  data: JSON.stringify({
    format: 'meanwhile-archive',
    version: 1,
    createdAt: new Date().toISOString(),
    videos: found,
  }),
})
const ORIGINAL = 'videos/0001/original/a.mp4'

describe('captions of an archive', () => {
  const track = (n: number) => `videos/0001/captions/${n}.en.vtt`
  /** An archive of one video with the captions, all in English. */
  const createArchiveOf = async (captions: (Buffer | string)[]) => {
    const sha256 = createHash('sha256').update(head).digest('hex')
    const video = {
      ...describeVideo({}),
      original: { path: ORIGINAL, sha256 },
      captions: captions.map((_, n) => ({ path: track(n), language: 'en', label: null })),
    }
    const files = captions.map((data, n) => ({ name: track(n), data }))
    return encrypt(await createTar([manifest([video]), ...files, { name: ORIGINAL, data: head }]))
  }

  it(
    'are all imported, also several of one language, and what cannot be read is counted',
    { tags: 'full' },
    async () => {
      const large = (mebibytes: number) => Buffer.alloc(mebibytes * 1024 ** 2, 'x')
      // The last two exceed what is held together.
      const captions = [VTT, 'no captions', large(11), large(9), large(9), VTT, large(9), large(9)]
      const uploadId = await upload(await createArchiveOf(captions))
      const { created, result } = await withNewVideos(() => runImport(uploadId, { passphrase: PASSPHRASE }))
      expect(result.error).toBeNull()
      expect(result.task.result).toEqual({ videos: 1, skippedVideos: 0, skippedCaptions: 6 })
      expect(created.map((video) => video.captions.map(({ language }) => language))).toEqual([['en', 'en']])
    },
  )

  it('beyond the quota end the import, which continues once there is room', async () => {
    const uploadId = await upload(await createArchiveOf([VTT, VTT]))
    const { usedBytes } = await readStorageUsage(database.db, { ownerId: worker.ownerId })
    const limit = (storageQuotaBytes: number | null) =>
      database.db.user.update({ where: { id: worker.ownerId }, data: { storageQuotaBytes } })
    await limit(usedBytes + head.length + 10)
    const { created } = await withNewVideos(async () => {
      const { task, error } = await runImport(uploadId, { passphrase: PASSPHRASE })
      await limit(null)
      expect({ code: error?.code, attempts: task.attempts }).toEqual({
        code: 'storage.quota_exceeded',
        attempts: 1,
      })
      expect((await runImport(uploadId, { passphrase: PASSPHRASE })).error).toBeNull()
    })
    expect(created.map((video) => video.captions.length)).toEqual([2])
  })

  it('without any video are refused, and one video without a file is counted', async () => {
    const lone = { ...describeVideo({ caption: track(0) }), title: 'Lone' }
    const only = await upload(
      await encrypt(await createTar([manifest([lone]), { name: track(0), data: VTT }])),
    )
    expect((await runImport(only, { passphrase: PASSPHRASE })).error?.code).toBe('archive.no_videos')
    expect(await database.db.upload.count({ where: { id: only } })).toBe(1)
    const sha256 = createHash('sha256').update(head).digest('hex')
    const video = { ...describeVideo({}), original: { path: ORIGINAL, sha256 } }
    const files = [
      { name: track(0), data: VTT },
      { name: ORIGINAL, data: head },
    ]
    const both = await upload(await encrypt(await createTar([manifest([lone, video]), ...files])))
    const { result } = await withNewVideos(() => runImport(both, { passphrase: PASSPHRASE }))
    expect(result.task.result).toEqual({ videos: 1, skippedVideos: 1, skippedCaptions: 0 })
  })

  it('in a format of a newer version are refused as such', async () => {
    const data = JSON.stringify({ format: 'meanwhile-archive', version: 2, files: [] })
    const uploadId = await upload(await encrypt(await createTar([{ name: 'manifest.json', data }])))
    expect((await runImport(uploadId, { passphrase: PASSPHRASE })).error?.code).toBe('archive.newer_version')
  })
})

describe('a hostile archive', () => {
  const expectDamaged = async (bytes: Buffer, code = 'archive.damaged') => {
    const uploadId = await upload(bytes)
    const { result, created } = await withNewVideos(() => runImport(uploadId, { passphrase: PASSPHRASE }))
    expect(result.error?.code).toBe(code)
    expect(result.task.attempts).toBe(1)
    // Its owner decides.
    expect(await worker.storage.list(`videos/${uploadId}`)).not.toEqual([])
    await deleteUploadedArchive(deps(), { uploadId, ownerId: worker.ownerId })
    expect(await worker.storage.list(`videos/${uploadId}`)).toEqual([])
    return { created, message: result.error!.message }
  }

  it.each([
    ['without a manifest', [{ name: ORIGINAL, data: 'x' }]],
    ['with another manifest', [{ name: 'manifest.json', data: '{"format":"other"}' }]],
    ['with a path out of the archive', [manifest([describeVideo({ original: '../../etc/passwd' })])]],
    ['with a path up', [manifest([describeVideo({ original: 'videos/0001/original/..' })])]],
    ['with an absolute path', [manifest([describeVideo({ original: '/etc/passwd' })])]],
    [
      'with a link',
      [manifest([describeVideo({ original: ORIGINAL })]), { name: ORIGINAL, type: 'symlink' as const }],
    ],
    [
      'with a hard link',
      [manifest([describeVideo({ original: ORIGINAL })]), { name: ORIGINAL, type: 'link' as const }],
    ],
    ['with missing files', [manifest([describeVideo({ original: ORIGINAL })])]],
  ])('%s is refused', async (_, entries) => {
    const { created } = await expectDamaged(await encrypt(await createTar(entries)))
    expect(created).toEqual([])
  })

  it.each(['../../../tmp/evil', 'videos/0002/original/b.mp4', ORIGINAL])(
    'with %s beside what its manifest names is refused',
    async (name) => {
      const video = describeVideo({ original: ORIGINAL })
      const sha256 = createHash('sha256').update(head).digest('hex')
      const listed = manifest([{ ...video, original: { path: ORIGINAL, sha256 } }])
      const tar = await createTar([listed, { name: ORIGINAL, data: head }, { name, data: 'x' }])
      const { created, message } = await expectDamaged(await encrypt(tar))
      expect(message).toContain('files that its list does not name')
      expect(created.length).toBe(1)
    },
  )

  it('with a changed file is refused, and leaves nothing of it', async () => {
    const entries = [manifest([describeVideo({ original: ORIGINAL })]), { name: ORIGINAL, data: head }]
    const { created, message } = await expectDamaged(await encrypt(await createTar(entries)))
    expect(created).toEqual([])
    expect(message).toContain('checksum')
  })

  it('that states a huge file is refused by its end or the limits', async () => {
    const tar = await createTar([
      manifest([describeVideo({ original: ORIGINAL })]),
      { name: ORIGINAL, data: head },
    ])
    // The size in the header of the last file, with its checksum.
    const at = tar.indexOf(ORIGINAL)
    tar.write('77777777777', at + 124)
    tar.fill(' ', at + 148, at + 156)
    const sum = tar.subarray(at, at + 512).reduce((total, byte) => total + byte, 0)
    tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148)
    const uploadId = await upload(await encrypt(tar))
    const { error } = await runImport(uploadId, { passphrase: PASSPHRASE })
    expect(['archive.damaged', 'upload.too_large', 'upload.disk_full']).toContain(error?.code)
  })

  it('that is truncated or changed keeps what was complete, and says so', { tags: 'full' }, async () => {
    const { bytes } = await exportVideos({ passphrase: PASSPHRASE })
    const truncated = await expectDamaged(bytes.subarray(0, bytes.length - 40_000))
    expect(truncated.created.length).toBe(1)
    expect(truncated.message).toContain('1 video was imported')
    const changed = Buffer.from(bytes)
    changed[bytes.length - 100_000]! ^= 1
    expect((await expectDamaged(changed)).created.length).toBeLessThan(2)
  })

  it('without an end of its header, or that needs too much work, is refused at once', async () => {
    const magic = 'age-encryption.org/v1\n'
    await expectDamaged(Buffer.from(magic + 'a'.repeat(10_000_000)), 'archive.not_encrypted')
    await expectDamaged(randomBytes(1_000_000), 'archive.not_encrypted')
    await expectDamaged(Buffer.from(magic), 'archive.not_encrypted')
    const salt = randomBytes(16).toString('base64').replace(/=+$/, '')
    const body = randomBytes(32).toString('base64').replace(/=+$/, '')
    const mac = randomBytes(32).toString('base64').replace(/=+$/, '')
    const header = `${magic}-> scrypt ${salt} 30\n${body}\n--- ${mac}\n`
    await expectDamaged(Buffer.from(header + 'x'.repeat(100)), 'archive.too_much_work')
  })
})
