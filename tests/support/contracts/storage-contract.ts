// Over 200 lines because it is one contract, which every driver passes as a whole.

import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { access, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Storage } from '@/lib/storage/storage'
import { neverAborted } from '../never-aborted'

interface StorageSetup {
  storage: Storage
  close?(): Promise<void>
}

const MiB = 1024 ** 2
const NOT_FOUND = { code: 'file.not_found' }

/** The contract suite of Storage drivers. */
export function describeStorage(
  name: string,
  setUp: () => Promise<StorageSetup>,
  options: { tags?: 'full' } = {},
) {
  describe(`the storage ${name}`, options, () => {
    let setup: StorageSetup
    let storage: Storage
    let dir: string
    /** A folder of its own for each test. */
    let folder: string
    beforeAll(async () => {
      setup = await setUp()
      ;({ storage } = setup)
      dir = await mkdtemp(path.join(tmpdir(), 'storage-contract-'))
    })
    beforeEach(() => {
      folder = `videos/${randomUUID()}`
    })
    afterAll(async () => {
      await setup?.close?.()
      await rm(dir, { recursive: true, force: true })
    })

    const readAll = async (key: string, range?: { start: number; end: number }) =>
      buffer(await storage.read(key, { range }))
    const writeLocalFile = async (data: Buffer | string) => {
      const file = path.join(dir, randomUUID())
      await writeFile(file, data)
      return file
    }
    const listKeys = async (prefix: string) => {
      const keys: string[] = []
      for await (const { key } of storage.walk(prefix)) keys.push(key)
      return keys.sort()
    }

    it('stores a buffer, replaces it, and changes the entity tag with the content', async () => {
      const key = `${folder}/poster.jpg`
      await storage.put(key, Buffer.from('first'))
      const first = await storage.stat(key)
      expect(first).toMatchObject({ sizeBytes: 5, etag: expect.stringMatching(/^"[^"]+"$/) as string })
      expect(await storage.stat(key)).toEqual(first)
      await storage.put(key, Buffer.from('second'))
      expect(String(await readAll(key))).toBe('second')
      const second = await storage.stat(key)
      expect(second!.sizeBytes).toBe(6)
      expect(second!.etag).not.toBe(first!.etag)
    })

    it('stores an empty file', async () => {
      const key = `${folder}/empty`
      await storage.put(key, Buffer.alloc(0))
      expect((await storage.stat(key))?.sizeBytes).toBe(0)
      expect(await readAll(key)).toHaveLength(0)
      await storage.withLocalFile({ key, signal: neverAborted }, async (file) =>
        expect(await readFile(file)).toHaveLength(0),
      )
    })

    it('stores a stream of unknown length, also one of many parts', async () => {
      for (const size of [0, 1, 3 * MiB, 21 * MiB + 7]) {
        const data = randomBytes(size)
        const key = `${folder}/stream-${size}`
        await storage.put(key, Readable.from(inChunks(data, 300_001), { objectMode: false }))
        expect((await storage.stat(key))?.sizeBytes).toBe(size)
        expect((await readAll(key)).equals(data)).toBe(true)
      }
    })

    it('reads ranges, both ends included', async () => {
      const key = `${folder}/0.m4s`
      await storage.put(key, Buffer.from('0123456789'))
      expect(String(await readAll(key, { start: 0, end: 0 }))).toBe('0')
      expect(String(await readAll(key, { start: 3, end: 6 }))).toBe('3456')
      expect(String(await readAll(key, { start: 9, end: 9 }))).toBe('9')
      expect(String(await readAll(key))).toBe('0123456789')
    })

    it('reports a missing file', async () => {
      const key = `${folder}/missing`
      expect(await storage.stat(key)).toBeNull()
      await expect(storage.read(key)).rejects.toMatchObject(NOT_FOUND)
      const opening = storage.withLocalFile({ key, signal: neverAborted }, async () => 'opened')
      await expect(opening).rejects.toMatchObject(NOT_FOUND)
      expect(await storage.list(key)).toEqual([])
      expect(await listKeys(key)).toEqual([])
      await storage.removeAll(key)
    })

    it('refuses keys that would leave the storage', async () => {
      const keys = [
        '../a',
        'a/../../b',
        '/etc/passwd',
        '',
        '.',
        'a//b',
        'a/',
        'a/./b',
        'a\\b',
        'a\0b',
        'a\nb',
      ]
      for (const key of [...keys, 'a'.repeat(2_000)]) {
        await expect(storage.put(key, Buffer.from('x')), key).rejects.toMatchObject(NOT_FOUND)
        await expect((async () => storage.stat(key))(), key).rejects.toMatchObject(NOT_FOUND)
        await expect((async () => storage.read(key))(), key).rejects.toMatchObject(NOT_FOUND)
        await expect((async () => storage.removeAll(key))(), key).rejects.toMatchObject(NOT_FOUND)
      }
    })

    it('stores keys with spaces, umlauts and signs unchanged', async () => {
      const names = ['ä ö.jpg', 'a+b&c=d.jpg', '100%.jpg', "it's (1)!.jpg", '日本.jpg', '#?.jpg']
      for (const name of names) await storage.put(`${folder}/${name}`, Buffer.from(name))
      expect((await storage.list(folder)).sort()).toEqual(names.sort())
      for (const name of names) expect(String(await readAll(`${folder}/${name}`))).toBe(name)
      await storage.removeAll(folder)
      expect(await storage.list(folder)).toEqual([])
    })

    it('copies a local file and leaves it in place, or moves it', async () => {
      for (const size of [10, 17 * MiB]) {
        const data = randomBytes(size)
        const file = await writeLocalFile(data)
        await storage.copyIn(`${folder}/copied`, file)
        await storage.copyIn(`${folder}/copied`, file)
        expect((await readAll(`${folder}/copied`)).equals(data)).toBe(true)
        await storage.moveIn(`${folder}/moved`, file)
        expect((await readAll(`${folder}/moved`)).equals(data)).toBe(true)
        await expect(access(file)).rejects.toThrow('ENOENT')
      }
      expect((await storage.list(folder)).sort()).toEqual(['copied', 'moved'])
    })

    it('stores no symbolic links', async () => {
      const planted = path.join(dir, randomUUID())
      await symlink('/etc/passwd', planted)
      await expect(storage.moveIn(`${folder}/a`, planted)).rejects.toThrow('not a regular file')
      await expect(storage.copyIn(`${folder}/a`, planted)).rejects.toThrow('not a regular file')
      expect(await storage.stat(`${folder}/a`)).toBeNull()
    })

    it('runs work with a local file that has the content, and reports an error of the work', async () => {
      const data = randomBytes(12 * MiB)
      const key = `${folder}/source.mkv`
      await storage.put(key, data)
      const sha256 = createHash('sha256').update(data).digest('hex')
      const read = await storage.withLocalFile({ key, sha256, signal: neverAborted }, (file) =>
        readFile(file),
      )
      expect(read.equals(data)).toBe(true)
      const failing = storage.withLocalFile({ key, signal: neverAborted }, () =>
        Promise.reject(new Error('the work failed')),
      )
      await expect(failing).rejects.toThrow('the work failed')
    })

    it('gives the new content after a key was replaced', async () => {
      const key = `${folder}/source.mkv`
      for (const content of ['first', 'other']) {
        await storage.put(key, Buffer.from(content))
        const read = await storage.withLocalFile({ key, signal: neverAborted }, (file) =>
          readFile(file, 'utf8'),
        )
        expect(read).toBe(content)
      }
    })

    it('lists direct children as names and walks all files', async () => {
      const files = ['source.mp4', 'hls/360p/init.mp4', 'hls/360p/0.m4s', 'hls/audio/0.m4s']
      for (const file of files) await storage.put(`${folder}/${file}`, Buffer.from('x'))
      // A sibling whose name begins alike.
      await storage.put(`${folder}2/other`, Buffer.from('x'))
      expect((await storage.list(folder)).sort()).toEqual(['hls', 'source.mp4'])
      expect((await storage.list(`${folder}/hls`)).sort()).toEqual(['360p', 'audio'])
      expect(await listKeys(folder)).toEqual(files.map((file) => `${folder}/${file}`).sort())
      expect(await listKeys('')).toEqual(expect.arrayContaining([`${folder}2/other`]))
      await storage.removeAll(folder)
      expect(await listKeys(folder)).toEqual([])
      expect(await storage.list(`${folder}2`)).toEqual(['other'])
    })

    it('removes one file, and a folder of more files than a request removes', async () => {
      await storage.put(`${folder}/one`, Buffer.from('x'))
      await storage.put(`${folder}/two`, Buffer.from('x'))
      await storage.removeAll(`${folder}/one`)
      expect(await storage.list(folder)).toEqual(['two'])
      const indexes = Array.from({ length: 1_050 }, (_, index) => index)
      for (let at = 0; at < indexes.length; at += 50)
        await Promise.all(
          indexes.slice(at, at + 50).map((n) => storage.put(`${folder}/many/${n}`, Buffer.from('x'))),
        )
      expect(await storage.list(`${folder}/many`)).toHaveLength(1_050)
      await storage.removeAll(`${folder}/many`)
      expect(await storage.list(folder)).toEqual(['two'])
    })

    it('removes a folder into which others write at the same time', { tags: 'full' }, async () => {
      let isWriting = true
      const write = async (writer: number) => {
        for (let n = 0; isWriting; n++)
          await storage.put(`${folder}/busy/${writer}/${n % 5}`, Buffer.from('x')).catch(ignoreMissingFolder)
      }
      const writers = Promise.all([0, 1, 2, 3].map(write))
      for (let round = 0; round < 20; round++) await storage.removeAll(`${folder}/busy`)
      isWriting = false
      await writers
      await storage.removeAll(`${folder}/busy`)
      expect(await storage.list(`${folder}/busy`)).toEqual([])
    })

    it('stops a write when it is aborted, and leaves nothing of it', async () => {
      const key = `${folder}/aborted`
      const stop = new AbortController()
      const endless = Readable.from(
        (async function* () {
          for (let n = 0; ; n++) {
            if (n === 40) stop.abort(new Error('canceled'))
            yield Buffer.alloc(MiB)
          }
        })(),
        { objectMode: false },
      )
      await expect(storage.put(key, endless, { signal: stop.signal })).rejects.toThrow()
      expect(await storage.stat(key)).toBeNull()
      // Parts in progress end in the background.
      await vi.waitFor(
        async () => expect(await storage.removeUnfinished(folder, new Date(Date.now() + 60_000))).toBe(0),
        { timeout: 10_000, interval: 200 },
      )
    })

    it('leaves nothing when the source of a write fails', async () => {
      const failing = Readable.from(
        (async function* () {
          for (let n = 0; n < 30; n++) yield Buffer.alloc(MiB)
          throw new Error('the client disconnected')
        })(),
        { objectMode: false },
      )
      await expect(storage.put(`${folder}/failed`, failing)).rejects.toThrow('the client disconnected')
      expect(await storage.stat(`${folder}/failed`)).toBeNull()
      expect(await storage.removeUnfinished(folder, new Date(Date.now() + 60_000))).toBe(0)
      expect(await storage.list(folder)).toEqual([])
    })

    it('refuses work with a signal that is aborted already', async () => {
      const key = `${folder}/a`
      await storage.put(key, Buffer.from('x'))
      const signal = AbortSignal.abort(new Error('canceled'))
      const opening = storage.withLocalFile({ key, signal }, async () => 'opened')
      await expect(opening).rejects.toThrow('canceled')
      await expect(storage.put(key, Buffer.from('y'), { signal })).rejects.toThrow()
      expect(String(await readAll(key))).toBe('x')
    })
  })
}

function* inChunks(data: Buffer, size: number) {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size)
}

/** A write fails where its folder is removed in the middle; ENOTDIR while it is being created. */
function ignoreMissingFolder(error: NodeJS.ErrnoException) {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
