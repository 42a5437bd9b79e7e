import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readConsoleSizeBytes, watchForPanic, describePanic } from './panic'

let folder: string
const said = (bytes: string | Buffer) => writeFile(path.join(folder, 'console.log'), bytes)

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'panic-'))
})
afterEach(() => rm(folder, { recursive: true }))

it.each([
  ['the last panic', 'Kernel panic - not syncing: one\r\n…\nKernel panic - not syncing: two\r\n', ': two'],
  ['without what is no text', 'Kernel panic - not syncing: a\0b\u001b[2J\u009b\n', ': a b [2J'],
  ['not without end', `Kernel panic - not syncing: ${'x'.repeat(10_000)}`, `: ${'x'.repeat(200)}`],
  ['nothing where it has no words', 'Kernel panic - not syncing: \0\n', ''],
  ['nothing where there are none', 'login: ', ''],
])('tells of a console %s', async (_, bytes, words) => {
  await said(Buffer.from(bytes, 'latin1'))
  expect(await describePanic(folder)).toBe(`Its kernel gave up (a kernel panic${words}).`)
})

it('is seen on a console that has grown to gigabytes, or is emptied meanwhile', async () => {
  const log = path.join(folder, 'console.log')
  await said('')
  await truncate(log, 3 * 1024 ** 3)
  for (const grow of [appendFile, writeFile]) {
    const onPanic = vi.fn()
    const watch = watchForPanic(folder, await readConsoleSizeBytes(folder), onPanic)
    await grow(log, 'Kernel panic - not syncing: late\n')
    await vi.waitFor(() => expect(onPanic).toHaveBeenCalled(), { timeout: 3_000 })
    watch.stop()
  }
  expect(await describePanic(folder)).toMatch(/: late\)/)
})
