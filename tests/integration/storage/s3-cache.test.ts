import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { access, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { S3Options } from '@/lib/storage/s3/s3-client'
import { awaitS3Service } from '@/tests/support/await-s3-service'
import { neverAborted } from '@/tests/support/never-aborted'
import { startS3FaultProxy } from '@/tests/support/s3-fault-proxy'
import { createBucket, openTestStorage } from '@/tests/support/s3-fixture'

const service = await awaitS3Service()
const MiB = 1024 ** 2

describe.runIf(service)('the cache of local copies', () => {
  let proxy: Awaited<ReturnType<typeof startS3FaultProxy>>
  let options: S3Options
  let dir: string
  beforeAll(async () => {
    proxy = await startS3FaultProxy(service!)
    options = await createBucket(proxy.service)
  })
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 's3-cache-'))
  })
  afterEach(async () => {
    proxy.setFault(() => null)
    await rm(dir, { recursive: true, force: true })
  })
  afterAll(() => void proxy.close())

  const open = async (maxBytes = 100 * MiB) => (await openTestStorage(options, { dir, maxBytes })).storage
  async function storeFile(sizeBytes: number) {
    const storage = await open()
    const key = `videos/${randomUUID()}/source.mkv`
    const data = randomBytes(sizeBytes)
    await storage.put(key, data)
    proxy.requests.length = 0
    return { key, data, sha256: createHash('sha256').update(data).digest('hex') }
  }
  const downloads = () => proxy.requests.filter(({ method }) => method === 'GET')
  const listCache = async (folder: string) => readdir(path.join(dir, folder))
  const countArrived = async () => {
    const [name] = await listCache('partial').catch(() => [])
    return name ? (await readFile(path.join(dir, 'partial', name))).length : 0
  }

  it('downloads a file once for any number of tasks and processes of a computer', async () => {
    const { key, data, sha256 } = await storeFile(6 * MiB)
    // Each has its own cache object, as processes have.
    const storages = await Promise.all([open(), open(), open()])
    const isOpen = Promise.withResolvers<void>()
    let count = 0
    const reads = [...storages, ...storages, ...storages].map((storage) =>
      storage.withLocalFile({ key, sha256, signal: neverAborted }, async (file) => {
        if (++count === 9) isOpen.resolve()
        await isOpen.promise
        return (await readFile(file)).equals(data)
      }),
    )
    expect(new Set(await Promise.all(reads))).toEqual(new Set([true]))
    expect(downloads()).toHaveLength(1)
    await storages[0].withLocalFile({ key, signal: neverAborted }, access)
    expect(downloads()).toHaveLength(1)
  })

  it('continues a download where its connection was reset', async () => {
    const { key, data, sha256 } = await storeFile(9 * MiB)
    const storage = await open()
    let cuts = 0
    proxy.setFault(({ method }) => {
      if (method !== 'GET' || ++cuts > 3) return null
      const expected = cuts * 2 * MiB
      const until = () => expect.poll(countArrived, { interval: 20 }).toBeGreaterThanOrEqual(expected)
      return { resetResponseAfter: 2 * MiB, until }
    })
    const read = await storage.withLocalFile({ key, sha256, signal: neverAborted }, (file) => readFile(file))
    expect(read.equals(data)).toBe(true)
    const ranges = downloads().map(({ range }) => Number(/\d+/.exec(range ?? '0')![0]))
    expect(ranges).toHaveLength(4)
    ranges.forEach((start, n) => expect(start).toBeGreaterThanOrEqual(n * 2 * MiB))
  })

  it('keeps what has arrived when a task is canceled', async () => {
    const { key, data, sha256 } = await storeFile(9 * MiB)
    const storage = await open()
    const stop = new AbortController()
    proxy.setFault(({ method }) => (method === 'GET' ? { pieceBytes: 16_384 } : null))
    const canceled = storage.withLocalFile({ key, sha256, signal: stop.signal }, async () => 'opened')
    await expect.poll(countArrived, { interval: 20 }).toBeGreaterThan(MiB)
    stop.abort(new Error('the task was canceled'))
    await expect(canceled).rejects.toThrow('the task was canceled')
    proxy.setFault(() => null)
    const read = await storage.withLocalFile({ key, sha256, signal: neverAborted }, (file) => readFile(file))
    expect(read.equals(data)).toBe(true)
    expect(downloads()[1]!.range).toMatch(/^bytes=[1-9]\d{5,}-$/)
  })

  it('keeps no copy whose checksum differs, and reports the file as damaged', async () => {
    const { key, data, sha256 } = await storeFile(2 * MiB)
    const storage = await open()
    const read = () => storage.withLocalFile({ key, sha256, signal: neverAborted }, (file) => readFile(file))
    let changed = 0
    proxy.setFault(({ method }) => (method === 'GET' && ++changed === 1 ? { corrupt: true } : null))
    expect((await read()).equals(data)).toBe(true)
    await rm(path.join(dir, 'files'), { recursive: true })
    proxy.setFault(({ method }) => (method === 'GET' ? { corrupt: true } : null))
    await expect(read()).rejects.toMatchObject({ code: 'storage.corrupt' })
    expect([...(await listCache('files')), ...(await listCache('partial'))]).toEqual([])
  })

  it('evicts the copies that were not used for longest, and never one in use', async () => {
    const files = [await storeFile(3 * MiB), await storeFile(3 * MiB), await storeFile(3 * MiB)]
    const storage = await open(10 * MiB)
    const use = (key: string) =>
      storage.withLocalFile({ key, signal: neverAborted }, (file) => readFile(file))
    for (const { key } of files) await use(key)
    for (const name of await listCache('files')) {
      const hour = new Date(Date.now() - 3_600_000)
      await utimes(path.join(dir, 'files', name), hour, hour)
    }
    await use(files[0]!.key)
    expect(await listCache('files')).toHaveLength(3)
    const next = await storeFile(3 * MiB)
    await use(next.key)
    expect(await listCache('files')).toHaveLength(3)
    proxy.requests.length = 0
    await use(files[0]!.key)
    await use(next.key)
    expect(downloads()).toEqual([])

    await storage.withLocalFile({ key: files[0]!.key, signal: neverAborted }, async (file) => {
      const large = await storeFile(8 * MiB)
      await expect(use(large.key)).rejects.toMatchObject({ code: 'storage.cache_full' })
      expect((await readFile(file)).equals(files[0]!.data)).toBe(true)
      expect(await listCache('files')).toHaveLength(1)
    })
  })

  it('removes copies that were not used for a time, except those in use', async () => {
    const [idle, used] = [await storeFile(MiB), await storeFile(MiB)]
    const storage = await open()
    const use = (key: string, work = async () => {}) =>
      storage.withLocalFile({ key, signal: neverAborted }, work)
    await use(idle.key)
    await use(used.key, async () => {
      for (const name of await listCache('files')) {
        const hour = new Date(Date.now() - 3_600_000)
        await utimes(path.join(dir, 'files', name), hour, hour)
      }
      await storage.removeUnusedCopies(30 * 60_000)
      expect(await listCache('files')).toHaveLength(1)
    })
    await use(used.key)
    await storage.removeUnusedCopies(30 * 60_000)
    expect(await listCache('files')).toHaveLength(1)
    await storage.removeUnusedCopies(-1)
    expect(await listCache('files')).toEqual([])
  })

  it('removes the leases of an earlier process with the same id, as in a restarted container', async () => {
    const { key } = await storeFile(MiB)
    const leases = path.join(dir, 'leases', `${hostname()}.${process.pid}`)
    await mkdir(leases, { recursive: true })
    await writeFile(path.join(leases, 'left-over'), '')
    const storage = await open()
    await storage.withLocalFile({ key, signal: neverAborted }, async () => {})
    expect(await readdir(leases)).toEqual([])
  })

  it('makes a local copy of a file larger than the cache, alone', async () => {
    const small = await storeFile(MiB)
    const large = await storeFile(4 * MiB)
    const storage = await open(2 * MiB)
    for (const { key, data } of [small, large])
      expect(
        await storage.withLocalFile({ key, signal: neverAborted }, async (file) =>
          (await readFile(file)).equals(data),
        ),
      ).toBe(true)
    expect(await listCache('files')).toHaveLength(1)
  })

  it('leaves the reserve of the disk free', async () => {
    const { key } = await storeFile(MiB)
    const { storage } = await openTestStorage(options, { dir, reserveBytes: Number.MAX_SAFE_INTEGER })
    await expect(
      storage.withLocalFile({ key, signal: neverAborted }, async () => 'opened'),
    ).rejects.toMatchObject({ code: 'storage.cache_full' })
    expect(await listCache('files')).toEqual([])
  })
})
