import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkStorage } from '@/lib/storage/check-storage'
import { createLocalStorage } from '@/lib/storage/local-storage'
import { useDatabase } from '@/tests/support/database'

const database = useDatabase()

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'meanwhile-storage-'))
})
afterAll(() => rm(dir, { recursive: true }))

const check = (folder: string) => checkStorage(database.db, createLocalStorage(path.join(dir, folder)))

it('returns the same id to every process that uses the storage, and another one for another storage', async () => {
  const [one, two] = [await check('one'), await check('two')]
  expect(await check('one')).toEqual({ id: one.id, problem: null })
  expect(one.id).toMatch(/^local:[\da-f-]{36}$/)
  expect(one.id).not.toBe(two.id)
})

it('returns one id to processes that start on a new storage at the same time', async () => {
  for (let round = 0; round < 10; round++) {
    const checks = await Promise.all(Array.from({ length: 8 }, () => check(`new-${round}`)))
    expect(new Set(checks.map(({ id }) => id)).size).toBe(1)
  }
})

it('reports a storage that cannot be used', async () => {
  await writeFile(path.join(dir, 'file'), '')
  expect(await check('file')).toEqual({ id: null, problem: expect.stringContaining('cannot be used') })
})
