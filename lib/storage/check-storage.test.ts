import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkLocalStorage } from './check-storage'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'meanwhile-storage-'))
})
afterAll(() => rm(dir, { recursive: true }))

it('returns the same id to every process that uses the folder, and another one for another folder', async () => {
  const [a, b] = await Promise.all([checkLocalStorage(`${dir}/one`), checkLocalStorage(`${dir}/two`)])
  expect(await checkLocalStorage(`${dir}/one`)).toEqual({ id: a.id, problem: null })
  expect(a.id).toMatch(/^[\da-f-]{36}$/)
  expect(a.id).not.toBe(b.id)
})

it('reports a storage that is no folder', async () => {
  await writeFile(`${dir}/file`, '')
  expect(await checkLocalStorage(`${dir}/file`)).toEqual({
    id: null,
    problem: expect.stringContaining('cannot be used'),
  })
})
