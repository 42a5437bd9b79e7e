import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkStorage } from './check-storage'
import { createLocalStorage } from './local-storage'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'meanwhile-storage-'))
})
afterAll(() => rm(dir, { recursive: true }))

const check = (folder: string) => checkStorage(createLocalStorage(path.join(dir, folder)))

it('returns the same id to every process that uses the storage, and another one for another storage', async () => {
  const [one, two] = [await check('one'), await check('two')]
  expect(await check('one')).toEqual({ id: one.id, problem: null })
  expect(one.id).toMatch(/^local:[\da-f-]{36}$/)
  expect(one.id).not.toBe(two.id)
})

it('reports a storage that cannot be used', async () => {
  await writeFile(path.join(dir, 'file'), '')
  expect(await check('file')).toEqual({ id: null, problem: expect.stringContaining('cannot be used') })
})
