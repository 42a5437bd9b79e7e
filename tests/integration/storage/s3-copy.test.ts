import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLocalStorage } from '@/lib/storage/local-storage'
import type { Storage } from '@/lib/storage/storage'
import { copyStorage } from '@/scripts/storage/copy-storage'
import { openJournal } from '@/scripts/storage/journal'
import { awaitS3Service } from '@/tests/support/await-s3-service'
import { neverAborted } from '@/tests/support/never-aborted'
import { createBucket, openTestStorage } from '@/tests/support/s3-fixture'

const service = await awaitS3Service()

describe.runIf(service)('copying a storage', () => {
  let dir: string
  let local: Storage
  let s3: Storage
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'storage-copy-'))
    local = createLocalStorage(path.join(dir, 'storage'))
    ;({ storage: s3 } = await openTestStorage(await createBucket(service!), { dir: path.join(dir, 'cache') }))
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))

  const copy = async (from: Storage, to: Storage, options: Partial<Parameters<typeof copyStorage>[0]> = {}) =>
    copyStorage({
      from,
      to,
      journal: await openJournal(dir, [from, to]),
      signal: neverAborted,
      onProgress: () => undefined,
      ...options,
    })
  const result = (counts: object) => ({
    copied: 0,
    verified: 0,
    unchanged: 0,
    differing: [],
    onlyInTarget: [],
    ...counts,
  })

  it(
    'copies to S3, continues after an interruption, finds changes, and copies back',
    { tags: 'full' },
    async () => {
      const files = new Map(
        Array.from({ length: 40 }, (_, n) => [`videos/${n % 4}/hls/${n}.m4s`, randomBytes(1_000 * n)]),
      )
      files.set('videos/1/source.mp4', randomBytes(19 * 1024 ** 2))
      for (const [key, data] of files) await local.put(key, data)

      const stop = new AbortController()
      const onProgress = ({ doneFiles }: { doneFiles: number }) =>
        doneFiles === 10 && stop.abort(new Error('interrupted'))
      await expect(copy(local, s3, { signal: stop.signal, onProgress })).rejects.toThrow('interrupted')
      const { copied, unchanged, verified } = await copy(local, s3)
      expect(unchanged).toBeGreaterThanOrEqual(10)
      expect(copied + unchanged + verified).toBe(41)
      expect(await copy(local, s3)).toEqual(result({ unchanged: 41 }))

      // Changed on either side, and one file that only the target has.
      await local.put('videos/0/hls/4.m4s', randomBytes(4_000))
      await s3.put('videos/0/hls/8.m4s', randomBytes(8_000))
      await s3.put('videos/9/poster.jpg', randomBytes(10))
      expect(await copy(local, s3)).toEqual(
        result({ copied: 2, unchanged: 39, onlyInTarget: ['videos/9/poster.jpg'] }),
      )
      // Without the journal, all files are compared.
      const fresh = await openJournal(path.join(dir, 'storage'), [local, s3])
      expect(await copy(local, s3, { journal: { ...fresh, add: async () => undefined } })).toMatchObject({
        verified: 41,
        copied: 0,
      })

      const back = createLocalStorage(path.join(dir, 'back'))
      expect(await copy(s3, back)).toEqual(result({ copied: 42 }))
      for (const key of files.keys())
        expect((await buffer(await back.read(key))).equals(await buffer(await local.read(key))), key).toBe(
          true,
        )
    },
  )

  it('reports a file that the target does not keep as it was written', async () => {
    const broken: Storage = {
      ...s3,
      read: async (key, options) =>
        key.endsWith('/bad') ? await local.read('videos/0/good') : s3.read(key, options),
    }
    await local.put('videos/0/good', randomBytes(4_000))
    await local.put('videos/0/bad', randomBytes(100))
    expect((await copy(local, broken)).differing).toEqual(['videos/0/bad'])
  })
})
