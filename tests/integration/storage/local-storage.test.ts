import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { createLocalStorage } from '@/lib/storage/local-storage'
import { describeStorage } from '@/tests/support/contracts/storage-contract'

describeStorage('local', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'local-storage-'))
  return {
    storage: createLocalStorage(path.join(dir, 'storage')),
    close: () => rm(dir, { recursive: true, force: true }),
  }
})

it('hides and later removes a folder whose removal a crash interrupted', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'local-storage-'))
  const storage = createLocalStorage(dir)
  const leftover = path.join(dir, 'videos/1.01234567-89ab-cdef-0123-456789abcdef.tmp')
  await mkdir(leftover, { recursive: true })
  await writeFile(path.join(leftover, 'source'), 'x')
  const yesterday = new Date(Date.now() - 86_400_000)
  await utimes(leftover, yesterday, yesterday)
  expect(await storage.list('videos')).toEqual([])
  expect((await storage.walk('')[Symbol.asyncIterator]().next()).done).toBe(true)
  expect(await storage.removeUnfinished('', new Date())).toBe(1)
  await expect(mkdir(leftover)).resolves.toBeUndefined()
  await rm(dir, { recursive: true })
})
