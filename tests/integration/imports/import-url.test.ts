// Over 200 lines because one server with one file shows every fault.

import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { config } from '@/lib/config/config'
import { beginImport } from '@/lib/imports/begin-import'
import { createImport } from '@/lib/imports/commands'
import { importUrlTask } from '@/lib/imports/tasks'
import { log } from '@/lib/log'
import { createS3Client } from '@/lib/storage/s3/s3-client'
import { sourceKey } from '@/lib/storage/keys'
import { cancelIfUnfinished, cancelTask, retryTask } from '@/lib/tasks/commands'
import { readStorageUsage } from '@/lib/uploads/storage-usage'
import { deleteVideo } from '@/lib/videos/commands'
import { getVideo } from '@/lib/videos/queries'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { useRemoteFile } from '@/tests/support/remote-file'
import { useTaskWorker } from '@/tests/support/task-worker'
import type { WorkerContext } from '@/worker/context'
import { createImportUrl } from '@/worker/imports/import-url'
import { ClaimLost } from '@/worker/runtime/claim'
import { defineHandler } from '@/worker/runtime/handler'

const MB = 1e6
// Before the imports, which read the configuration.
const dataDir = await vi.hoisted(async () => {
  const [{ mkdtempSync }, { tmpdir }] = await Promise.all([import('node:fs'), import('node:os')])
  const dir = mkdtempSync(`${tmpdir()}/meanwhile-import-`)
  Object.assign(process.env, { DATA_DIR: dir, UPLOAD_MAX_BYTES: '20000000', UPLOAD_MAX_OPEN: '8' })
  return dir
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

let head: Buffer
beforeAll(async () => void (head = readFileSync(await generateMedia('silent.mp4'))))
const createContent = () => Buffer.concat([head, randomBytes(3 * MB)])

const remote = useRemoteFile(createContent)
const database = useDatabase()
const limits = { responseTimeoutMs: 1_000, stallTimeoutMs: 500, retryDelayMs: 10 }
const worker = useTaskWorker(database, { handlers: [defineHandler(createImportUrl(limits))] })

const deps = () => ({ db: database.db, boss: worker.boss, storage: worker.storage })
const begin = (url = remote.url(), more: { idempotencyKey?: string; filename?: string } = {}) =>
  createImport(deps(), {
    ownerId: worker.ownerId,
    request: { url, filename: more.filename },
    idempotencyKey: more.idempotencyKey,
  })
const readVideo = (id: string) => getVideo(database.db, { id, ownerId: worker.ownerId })

/** Imports a link. Returns the task and the video after the task has ended. */
async function runImport(url?: string, more?: { filename?: string }) {
  const { videoId, taskId } = await begin(url, more)
  const task = await worker.awaitTask(taskId)
  const video = await readVideo(videoId)
  if (task.state === 'failed') await database.db.video.findUniqueOrThrow({ where: { id: videoId } })
  return { task, video, error: task.error as { code: string; message: string } | null }
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function expectImported({ task, video }: Awaited<ReturnType<typeof runImport>>, content: Buffer) {
  expect(task.error).toBeNull()
  expect(task.state).toBe('done')
  const row = await database.db.video.findUniqueOrThrow({ where: { id: video.id } })
  const stored = await buffer(await worker.storage.read(row.sourceKey))
  expect(stored.equals(content)).toBe(true)
  expect(video).toMatchObject({ sha256: sha256(content), sizeBytes: content.length, upload: null })
  expect(await database.db.upload.findUnique({ where: { id: video.id } })).toMatchObject({
    videoId: video.id,
  })
  expect(received(video.id)).toEqual([])
}

/** The files of an unfinished download. */
const received = (videoId: string) => {
  const dir = path.join(dataDir, 'uploads')
  return existsSync(dir) ? readdirSync(dir).filter((name) => name.startsWith(videoId)) : []
}

/** Fails, and frees what it occupied. */
async function expectRefused({ task, video, error }: Awaited<ReturnType<typeof runImport>>, code: string) {
  expect(error?.code).toBe(code)
  expect(task).toMatchObject({ state: 'failed', attempts: 1 })
  expect(video).toMatchObject({ state: 'failed', error: { code }, taskId: task.id })
  expect(await database.db.upload.count({ where: { id: video.id } })).toBe(0)
  expect(await worker.storage.list(`videos/${video.id}`)).toEqual([])
  expect(received(video.id)).toEqual([])
}

describe('an import', () => {
  it('continues as an upload does, named by the server or the link', async () => {
    remote.headers = { 'content-disposition': `attachment; filename="a.mov"; filename*=UTF-8''caf%C3%A9.mov` }
    const named = await runImport(remote.url('download?id=1'))
    await expectImported(named, remote.content)
    expect(named.video).toMatchObject({ filename: 'café.mov', title: 'café', state: 'queued' })
    remote.headers = {}
    const byLink = await runImport(remote.url('some%20film.mp4'))
    expect(byLink.video).toMatchObject({ filename: 'some film.mp4', title: 'some film' })
    const byUser = await runImport(undefined, { filename: 'mine.mp4' })
    expect(byUser.video.title).toBe('mine')
    const tasks = await database.db.task.findMany({ where: { videoId: byUser.video.id } })
    expect(tasks.map(({ kind }) => kind).toSorted()).toEqual(
      [
        'video.illustrate',
        'video.import',
        'video.inspect',
        'video.package',
        'video.transcode',
        'video.verify',
        ...(tasks.some(({ kind }) => kind === 'video.caption') ? ['video.caption'] : []),
      ].toSorted(),
    )
  })

  it('is created once for one idempotency key', async () => {
    const idempotencyKey = randomUUID()
    const results = await Promise.all([1, 2, 3].map(() => begin(remote.url(), { idempotencyKey })))
    expect(new Set(results.map(({ videoId }) => videoId)).size).toBe(1)
    await expect(begin(remote.url('other'), { idempotencyKey })).rejects.toMatchObject({
      code: 'import.key_reused',
    })
    const { requestHash } = await database.db.videoImport.findFirstOrThrow({ where: { idempotencyKey } })
    // By which a secret access key could be guessed.
    expect(requestHash).not.toBe(sha256(Buffer.from(JSON.stringify({ url: remote.url() }))))
    await worker.awaitTask(results[0]!.taskId)
    const other = await begin(remote.url('other'))
    expect(await database.db.videoImport.findUnique({ where: { videoId: other.videoId } })).toMatchObject({
      requestHash: null,
    })
    await worker.awaitTask(other.taskId)
    remote.requests.length = 1
    expect(remote.requests.length).toBe(1)
  })

  it('resumes where the connection was cut, by range and version', async () => {
    remote.sendOnly(2 * MB, (response) => response.destroy())
    await expectImported(await runImport(), remote.content)
    const [first, second] = remote.requests
    expect(first).toMatchObject({ range: undefined })
    expect(second!.ifRange).toBe('"one"')
    expect(Number(/\d+/.exec(second!.range!)![0])).toBeGreaterThan(0)
    expect(remote.requests.length).toBe(2)
  })

  it('resumes after a server that stalls, and accepts a slow one', async () => {
    remote.sendOnly(2 * MB, () => undefined)
    await expectImported(await runImport(), remote.content)
    expect(remote.requests.length).toBe(2)
    remote.requests.length = 0
    remote.sendBody = (response, bytes) => {
      const step = Math.ceil(bytes.length / 8)
      let at = 0
      const timer = setInterval(() => {
        response.write(bytes.subarray(at, (at += step)))
        if (at < bytes.length) return
        clearInterval(timer)
        response.end()
      }, 100)
    }
    await expectImported(await runImport(), remote.content)
    expect(remote.requests.length).toBe(1)
  })

  it.each([false, true])(
    'never mixes two versions of a file (server ignores If-Range: %s)',
    async (ignores) => {
      const later = createContent()
      remote.sendOnly(2 * MB, (response) => {
        Object.assign(remote, { content: later, etag: '"two"', ignoresIfRange: ignores })
        response.destroy()
      })
      await expectImported(await runImport(), later)
    },
  )

  it('starts over if the server has no ranges, no version, or only a weak one', async () => {
    for (const etag of [undefined, 'W/"weak"']) {
      Object.assign(remote, { etag })
      remote.requests.length = 0
      remote.sendOnly(2 * MB, (response) => response.destroy())
      await expectImported(await runImport(), remote.content)
      expect(remote.requests.map(({ range }) => range)).toEqual([undefined, undefined])
    }
  })

  it('continues after a response that is shorter than requested', async () => {
    const { content } = remote
    remote.sendOnly(2 * MB, (response) => {
      remote.handle = (request, second) => {
        remote.handle = remote.sendFile
        const from = Number(/\d+/.exec(request.headers.range!)![0])
        second.writeHead(206, {
          etag: '"one"',
          'content-range': `bytes ${from}-${from + 99_999}/${content.length}`,
        })
        second.end(content.subarray(from, from + 100_000))
      }
      response.destroy()
    })
    await expectImported(await runImport(), content)
    expect(remote.requests.length).toBe(3)
  })

  it('ends at the stated size when the server sends more', async () => {
    let sentBytes = 0
    remote.sendOnly(2 * MB, (response) => {
      remote.handle = (request, second) => {
        const from = Number(/\d+/.exec(request.headers.range!)![0])
        const last = remote.content.length - 1
        second.writeHead(206, { etag: '"one"', 'content-range': `bytes ${from}-${last}/${last + 1}` })
        sendEndlessly(second, (bytes) => (sentBytes += bytes))
      }
      response.destroy()
    })
    await expectRefused(await runImport(), 'import.overlong')
    expect(sentBytes).toBeLessThan(20 * MB)
  })

  it('receives a file of unknown size, without an estimate', async () => {
    const stages: unknown[] = []
    remote.handle = (_request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp4' })
      response.write(remote.content.subarray(0, MB))
      setTimeout(() => response.end(remote.content.subarray(MB)), 300)
    }
    const { videoId, taskId } = await begin()
    await expect
      .poll(async () => {
        const { detail, progress, etaSeconds } = await worker.readTask(taskId)
        if (detail) stages.push(detail)
        return detail && { detail, progress, etaSeconds }
      })
      .toMatchObject({ detail: { totalBytes: null }, progress: 0, etaSeconds: null })
    const task = await worker.awaitTask(taskId)
    await expectImported({ task, video: await readVideo(videoId), error: null }, remote.content)
  })

  it('tries again while the server is busy', async () => {
    remote.handle = (request, response) => {
      remote.handle = remote.sendFile
      response.writeHead(503).end()
      void request
    }
    await expectImported(await runImport(), remote.content)
  })

  it('keeps what has arrived when its attempts are spent, for a retry', async () => {
    const handle = remote.sendFile
    remote.handle = (request, response) => {
      if (request.headers.range) return void response.writeHead(500).end()
      remote.sendOnly(2 * MB, () => response.destroy())
      handle(request, response)
    }
    const { ownerId } = worker
    // Before a worker can claim it.
    const { videoId, taskId } = await database.db.$transaction(async (tx) => {
      const source = { url: remote.url(), isNamed: true }
      const options = { kind: importUrlTask, ownerId, filename: 'film.mp4', source }
      const begun = await beginImport(tx, worker.boss, options)
      await tx.task.update({ where: { id: begun.taskId }, data: { maxAttempts: 1 } })
      return begun
    })
    const failed = await worker.awaitTask(taskId)
    expect(failed.error).toMatchObject({ code: 'import.interrupted' })
    remote.handle = handle
    remote.requests.length = 0
    await retryTask({ ...deps(), taskId, ownerId: worker.ownerId })
    const task = await worker.awaitTask(taskId)
    await expectImported({ task, video: await readVideo(videoId), error: null }, remote.content)
    expect(remote.requests).toMatchObject([{ ifRange: '"one"' }])
  })

  it('ends when it is canceled, and can be retried', async () => {
    const sent = Promise.withResolvers<ServerResponse>()
    remote.sendOnly(MB, sent.resolve)
    const { videoId, taskId } = await begin()
    const response = await sent.promise
    await expect.poll(() => received(videoId)).not.toEqual([])
    await cancelTask({ ...deps(), taskId, ownerId: worker.ownerId })
    await expect.poll(() => response.destroyed).toBe(true)
    await expect.poll(() => database.db.upload.count({ where: { id: videoId } })).toBe(0)
    await expect.poll(() => received(videoId)).toEqual([])
    expect(await readVideo(videoId)).toMatchObject({ state: 'canceled' })
    await retryTask({ ...deps(), taskId, ownerId: worker.ownerId })
    const task = await worker.awaitTask(taskId)
    await expectImported({ task, video: await readVideo(videoId), error: null }, remote.content)
  })

  it('keeps its language for a retry after a permanent failure', async () => {
    remote.handle = (_request, response) => void response.writeHead(404).end()
    const request = { url: remote.url(), language: 'de' }
    const { videoId, taskId } = await createImport(deps(), { ownerId: worker.ownerId, request })
    await worker.awaitTask(taskId)
    remote.handle = remote.sendFile
    await retryTask({ ...deps(), taskId, ownerId: worker.ownerId })
    await worker.awaitTask(taskId)
    expect(await database.db.upload.findUnique({ where: { id: videoId } })).toMatchObject({ language: 'de' })
  })

  it('ends when its video is deleted', async () => {
    const sent = Promise.withResolvers<ServerResponse>()
    remote.sendOnly(MB, sent.resolve)
    const { videoId } = await begin()
    const response = await sent.promise
    await deleteVideo({ ...deps(), id: videoId, ownerId: worker.ownerId })
    await expect.poll(() => response.destroyed).toBe(true)
    expect(await database.db.upload.count({ where: { id: videoId } })).toBe(0)
    await expect.poll(() => received(videoId)).toEqual([])
  })
})

/** Sends random bytes until the connection is closed. */
function sendEndlessly(response: ServerResponse, onSent: (bytes: number) => void) {
  const sendMore = () => {
    while (!response.destroyed) {
      onSent(MB)
      if (!response.write(randomBytes(MB))) return
    }
  }
  response.on('drain', sendMore)
  sendMore()
}

it.each([404, 200])('removes nothing after it has lost its claim (status %i)', async (status) => {
  const { ownerId, boss } = worker
  const { videoId, taskId } = await database.db.$transaction(async (tx) => {
    const source = { url: remote.url(), isNamed: true }
    const begun = await beginImport(tx, boss, { kind: importUrlTask, ownerId, filename: 'film.mp4', source })
    // The worker does not take it.
    await cancelIfUnfinished(tx, { boss, taskId: begun.taskId, ownerId })
    return begun
  })
  let isLost = false
  remote.sendOnly(2 * MB, (response) => {
    remote.handle = async (request, second) => {
      // Another run has stored the file meanwhile.
      await worker.storage.put(sourceKey(videoId, 'film.mp4'), remote.content)
      isLost = true
      if (status === 404) return void second.writeHead(404).end()
      remote.etag = '"two"'
      remote.sendFile(request, second)
    }
    response.destroy()
  })
  const run = createImportUrl(limits).run({
    taskId,
    kind: importUrlTask,
    payload: { videoId },
    signal: new AbortController().signal,
    log,
    context: { ...deps(), config: config() } as WorkerContext,
    report: () => undefined,
    write: (work) => (isLost ? Promise.reject(new ClaimLost()) : database.db.$transaction(work)),
    writeTogether: async () => {},
  })
  await expect(run).rejects.toBeInstanceOf(ClaimLost)
  expect(await worker.storage.stat(sourceKey(videoId, 'film.mp4'))).not.toBeNull()
  expect(await database.db.upload.count({ where: { id: videoId } })).toBe(1)
  expect(received(videoId).length).toBe(1)
  await deleteVideo({ ...deps(), id: videoId, ownerId })
})

const redirectTo = (location: string) => (_request: unknown, response: ServerResponse) =>
  void response.writeHead(302, { location }).end()

describe('a redirect', () => {
  it('is followed, also to a relative address', async () => {
    const { handle } = remote
    remote.handle = (request, response) =>
      request.url === '/film.mp4'
        ? redirectTo('/moved/film.mp4')(request, response)
        : handle(request, response)
    await expectImported(await runImport(), remote.content)
  })

  it.each([
    ['http://127.0.0.1:PORT/', 'a private address'],
    ['http://localhost:PORT/', 'a name of a private address'],
    ['http://169.254.169.254/latest/meta-data', 'the metadata service'],
    ['file:///etc/passwd', 'a file'],
    ['http://', 'no URL'],
  ])('to %s is refused', async (location) => {
    remote.handle = redirectTo(location.replace('PORT', String(remote.port())))
    await expectRefused(await runImport(), 'import.address_refused')
    expect(remote.requests.length).toBe(1)
  })

  it('that never ends is refused', async () => {
    remote.handle = redirectTo('/again')
    await expectRefused(await runImport(), 'import.too_many_redirects')
    expect(remote.requests.length).toBe(6)
  })
})

describe('a link to something else than a media file', () => {
  const respond = (status: number, headers: Record<string, string>, body: Buffer | string = '') => {
    remote.handle = (_request, response) => void response.writeHead(status, headers).end(body)
  }

  it.each([
    [404, 'import.not_found'],
    [410, 'import.not_found'],
    [401, 'import.sign_in_required'],
    [403, 'import.forbidden'],
    [418, 'import.refused'],
  ])('with status %i is refused', async (status, code) => {
    respond(status, {})
    await expectRefused(await runImport(), code)
  })

  it('is refused with what it is instead', async () => {
    respond(200, { 'content-type': 'text/html; charset=utf-8' }, '<form>Sign in</form>')
    const page = await runImport()
    await expectRefused(page, 'import.web_page')
    expect(page.error!.message).toContain('perhaps to sign in')
    respond(200, {}, 'Just some text, for all that is known.')
    await expectRefused(await runImport(), 'video.not_media')
    respond(200, { 'content-length': '0' })
    await expectRefused(await runImport(), 'upload.empty')
    respond(200, {})
    await expectRefused(await runImport(), 'upload.empty')
  })

  it('is refused if it is compressed, without being expanded', async () => {
    respond(200, { 'content-encoding': 'gzip', 'content-type': 'video/mp4' }, gzipSync(Buffer.alloc(50 * MB)))
    await expectRefused(await runImport(), 'import.encoded')
  })
})

describe('a file that is too large', () => {
  it('is refused by its stated size before it is read', async () => {
    let isClosed = false
    remote.handle = (_request, response) => {
      response.once('close', () => (isClosed = true))
      response.writeHead(200, { 'content-length': String(21 * MB) }).write(head)
    }
    await expectRefused(await runImport(), 'upload.too_large')
    await expect.poll(() => isClosed).toBe(true)
  })

  it('is refused at the limit if it has no end', async () => {
    let sentBytes = 0
    remote.handle = (_request, response) => {
      response.writeHead(200)
      response.write(head)
      sendEndlessly(response, (bytes) => (sentBytes += bytes))
    }
    await expectRefused(await runImport(), 'upload.too_large')
    expect(sentBytes).toBeLessThan(40 * MB)
  })

  it('is refused by the quota of the user', async () => {
    const { usedBytes } = await readStorageUsage(database.db, { ownerId: worker.ownerId })
    const storageQuotaBytes = usedBytes + MB
    await database.db.user.update({ where: { id: worker.ownerId }, data: { storageQuotaBytes } })
    try {
      await expectRefused(await runImport(), 'upload.quota_exceeded')
    } finally {
      await database.db.user.update({ where: { id: worker.ownerId }, data: { storageQuotaBytes: null } })
    }
  })
})

it('refuses an address, a port and credentials when it is requested', async () => {
  for (const url of [
    'http://127.0.0.1/a',
    'http://10.0.0.1/a',
    'http://u:p@example.com/a',
    'ftp://example.com/a',
    'a',
  ])
    await expect(begin(url)).rejects.toMatchObject({ code: 'import.address_refused', status: 422 })
  await expect(begin('s3://bucket/key')).rejects.toMatchObject({ code: 'import.credentials_required' })
})

it('limits the unfinished imports of a user', async () => {
  remote.handle = () => undefined
  const { id: ownerId } = await database.db.user.create({
    data: { id: randomUUID(), name: 'Eve', email: `${randomUUID()}@example.com` },
  })
  const request = { url: remote.url() }
  for (let n = 0; n < 8; n++) await createImport(deps(), { ownerId, request })
  await expect(createImport(deps(), { ownerId, request })).rejects.toMatchObject({ code: 'upload.too_many' })
  for (const { id: taskId } of await database.db.task.findMany({ where: { ownerId } }))
    await cancelTask({ ...deps(), taskId, ownerId })
})

it('sends no request of the SDK to sign a link to an S3 bucket', async () => {
  const endpoint = remote.url('').replace(/\/$/, '')
  const s3 = { accessKeyId: 'key', secretAccessKey: 'secret', region: 'us-east-1', endpoint }
  for (const bucket of ['a--use1-az4--x-s3', 'a--use1-az4--xa-s3']) {
    const url = `s3://${bucket}/film.mp4`
    await expect(
      createImport(deps(), { ownerId: worker.ownerId, request: { url, s3 } }),
    ).rejects.toMatchObject({
      code: 'import.address_refused',
    })
    const client = createS3Client({ ...S3_OPTIONS, bucket, endpoint, credentials: s3 })
    await getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: 'film.mp4' })).catch(() => null)
    client.destroy()
  }
  expect(remote.requests).toEqual([])
})

const S3_OPTIONS = { region: 'us-east-1', isPathStyle: true, prefix: '', patienceMs: 0 }

it('removes the credentials of an S3 link when it ends', async () => {
  remote.handle = (_request, response) => void response.writeHead(403).end()
  const s3 = { accessKeyId: 'key', secretAccessKey: 'quokka-secret', region: 'us-east-1' }
  const endpoint = remote.url('').replace(/\/$/, '')
  const { videoId, taskId } = await createImport(deps(), {
    ownerId: worker.ownerId,
    request: { url: 's3://bucket/a/film.mp4', s3: { ...s3, endpoint } },
  })
  const { credentials } = await database.db.videoImport.findUniqueOrThrow({ where: { videoId } })
  expect(credentials).not.toContain('quokka')
  expect((await worker.awaitTask(taskId)).error).toMatchObject({ code: 'import.forbidden' })
  expect(remote.requests[0]!.path).toMatch(/^\/bucket\/a\/film\.mp4\?.*X-Amz-Signature=/)
  expect(await database.db.videoImport.findUniqueOrThrow({ where: { videoId } })).toMatchObject({
    credentials: null,
  })
  await retryTask({ ...deps(), taskId, ownerId: worker.ownerId })
  expect((await worker.awaitTask(taskId)).error).toMatchObject({ code: 'import.credentials_removed' })
})
