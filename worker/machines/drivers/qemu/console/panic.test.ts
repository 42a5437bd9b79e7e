import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readConsoleSizeBytes, watchForPanic, describePanic } from './panic'

let folder: string
const writeConsole = (bytes: string | Buffer) => writeFile(path.join(folder, 'console.log'), bytes)

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'panic-'))
})
afterEach(() => rm(folder, { recursive: true }))

it.each([
  [
    'uses the last panic',
    'Kernel panic - not syncing: one\r\n…\nKernel panic - not syncing: two\r\n',
    ': two',
  ],
  ['removes control characters', 'Kernel panic - not syncing: a\0b\u001b[2J\u009b\n', ': a b [2J'],
  ['limits the length', `Kernel panic - not syncing: ${'x'.repeat(10_000)}`, `: ${'x'.repeat(200)}`],
  ['omits an empty message', 'Kernel panic - not syncing: \0\n', ''],
  ['omits a missing message', 'login: ', ''],
])('%s when it describes a panic', async (_, bytes, message) => {
  await writeConsole(Buffer.from(bytes, 'latin1'))
  expect(await describePanic(folder)).toBe(`Kernel panic${message}.`)
})

it('detects a panic in a log that has grown to gigabytes or has been truncated', async () => {
  const log = path.join(folder, 'console.log')
  await writeConsole('')
  await truncate(log, 3 * 1024 ** 3)
  for (const grow of [appendFile, writeFile]) {
    const onPanic = vi.fn()
    const watch = watchForPanic({ folder, fromBytes: await readConsoleSizeBytes(folder), onPanic })
    await grow(log, 'Kernel panic - not syncing: late\n')
    await vi.waitFor(() => expect(onPanic).toHaveBeenCalled(), { timeout: 3_000 })
    watch.stop()
  }
  expect(await describePanic(folder)).toMatch(/: late\.$/)
})
