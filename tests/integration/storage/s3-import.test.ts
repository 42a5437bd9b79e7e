import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createImport } from '@/lib/imports/commands'
import type { CreateImportRequest } from '@/lib/imports/schema'
import { createS3Client, type S3Options } from '@/lib/storage/s3/s3-client'
import { createS3Storage } from '@/lib/storage/s3/s3-storage'
import { deleteVideo } from '@/lib/videos/commands'
import { awaitS3Service } from '@/tests/support/await-s3-service'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { useRemoteFile } from '@/tests/support/remote-file'
import { createBucket } from '@/tests/support/s3-fixture'
import { useTaskWorker } from '@/tests/support/task-worker'
import { createImportUrl } from '@/worker/imports/import-url'
import { defineHandler } from '@/worker/runtime/handler'

const service = await awaitS3Service()
// Before the imports, which read the configuration. The service listens on 127.0.0.1.
const dataDir = await vi.hoisted(async () => {
  const [{ mkdtempSync }, { tmpdir }] = await Promise.all([import('node:fs'), import('node:os')])
  const dir = mkdtempSync(`${tmpdir()}/meanwhile-s3-import-`)
  Object.assign(process.env, { DATA_DIR: dir, IMPORT_ALLOW_PRIVATE: '127.0.0.0/8' })
  return dir
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

describe.runIf(service)('an import into a bucket', () => {
  let head: Buffer
  let options: S3Options
  beforeAll(async () => {
    head = readFileSync(await generateMedia('silent.mp4'))
    options ??= await createBucket(service!)
  })
  // Several parts, and a rest.
  const remote = useRemoteFile(() => Buffer.concat([head, randomBytes(20_000_000)]))
  const database = useDatabase()
  const worker = useTaskWorker(database, {
    handlers: [defineHandler(createImportUrl({ retryDelayMs: 10, stallTimeoutMs: 5_000 }))],
    openStorage: async () => createS3Storage((options ??= await createBucket(service!))),
  })
  const begin = (request: CreateImportRequest) =>
    createImport({ db: database.db, boss: worker.boss }, { ownerId: worker.ownerId, request })

  async function expectImported({ videoId, taskId }: Awaited<ReturnType<typeof begin>>, content: Buffer) {
    expect(await worker.awaitTask(taskId)).toMatchObject({ error: null, state: 'done' })
    const video = await database.db.video.findUniqueOrThrow({ where: { id: videoId } })
    expect((await buffer(await worker.storage.read(video.sourceKey))).equals(content)).toBe(true)
    expect(video.sha256).toBe(createHash('sha256').update(content).digest('hex'))
    return video
  }
  async function listUnfinished() {
    const client = createS3Client(options)
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: options.bucket }))
    client.destroy()
    return Uploads
  }

  it('resumes a cut connection without the local disk', async () => {
    remote.sendOnly(13_000_000, (response) => response.destroy())
    await expectImported(await begin({ url: remote.url() }), remote.content)
    expect(remote.requests.length).toBe(2)
    expect(Number(/\d+/.exec(remote.requests[1]!.range!)![0])).toBeGreaterThan(8_000_000)
    expect(existsSync(path.join(dataDir, 'uploads'))).toBe(false)
    expect(await listUnfinished()).toEqual([])
  })

  it('begins again with another version of the file', async () => {
    const later = Buffer.concat([head, randomBytes(9_000_000)])
    remote.sendOnly(13_000_000, (response) => {
      Object.assign(remote, { content: later, etag: '"two"' })
      response.destroy()
    })
    await expectImported(await begin({ url: remote.url() }), later)
    expect(await listUnfinished()).toEqual([])
  })

  it('leaves no unfinished write when its video is deleted', async () => {
    const sent = Promise.withResolvers<void>()
    remote.sendOnly(9_000_000, () => sent.resolve())
    const { videoId: id } = await begin({ url: remote.url() })
    await sent.promise
    const deps = { db: database.db, boss: worker.boss, storage: worker.storage }
    await deleteVideo({ ...deps, id, ownerId: worker.ownerId })
    await expect.poll(listUnfinished).toEqual([])
    await expect.poll(() => worker.storage.list(`videos/${id}`)).toEqual([])
  })

  it('reads an object of another bucket with its credentials', async () => {
    const other = await createBucket(service!)
    const content = Buffer.concat([head, randomBytes(1_000_000)])
    await createS3Storage(other).put('shows/a film.mp4', content)
    const { accessKeyId, secretAccessKey } = other.credentials!
    const url = `s3://${other.bucket}/shows/a film.mp4`
    const s3 = { region: 'us-east-1', endpoint: other.endpoint, accessKeyId, secretAccessKey }
    expect((await expectImported(await begin({ url, s3 }), content)).title).toBe('a film')
    const wrong = await begin({ url, s3: { ...s3, secretAccessKey: 'wrong' } })
    expect((await worker.awaitTask(wrong.taskId)).error).toMatchObject({ code: 'import.forbidden' })
    const missing = await begin({ url: `s3://${other.bucket}/missing.mp4`, s3 })
    expect((await worker.awaitTask(missing.taskId)).error).toMatchObject({ code: 'import.not_found' })
  })
})
