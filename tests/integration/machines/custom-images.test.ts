import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { customImages } from '@/worker/machines/images/custom'
import { fromRaw } from '@/worker/machines/images/qemu-img'
import { runProgram } from '@/worker/machines/run-program'

const signal = new AbortController().signal
const dataFile = path.join(tmpdir(), `meanwhile-data-file-${process.pid}`)
let dir: string
const own = (name: string) => path.join(dir, `${name}.qcow2`)
const create = (name: string, size: string, ...options: string[]) =>
  runProgram({
    file: 'qemu-img',
    args: ['create', '-q', '-f', 'qcow2', ...options, own(name), size],
    timeoutMs: 20_000,
  })
const imageOf = async (name: string) => (await customImages(dir)).find(({ facts }) => facts.name === name)!
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no failure',
    (error: { code?: string }) => error.code,
  )

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'meanwhile-images-'))
  await mkdir(dir, { recursive: true })
})
afterAll(() => rm(dir, { recursive: true, force: true }))

it('an image that an administrator adds is offered with the disk it needs', async () => {
  await create('good', '3G')
  const { facts, build } = await imageOf('good')
  expect(facts).toMatchObject({ problem: null, minimum: { diskMiB: 3_072 } })
  const built = await build({ signal })
  expect(built).toMatchObject({ disk: own('good'), diskMiB: 3_072, bootFrom: 'disk', backing: [] })
  // What was made from it before must not be taken for it.
  await rm(own('good'))
  await create('good', '4G')
  await fromRaw(own('good'), own('other'))
  expect((await (await imageOf('good')).build({ signal })).version).not.toBe(built.version)
})

it.each([
  ['a backing file', 'backing file', ['-b', '/etc/passwd', '-F', 'raw']],
  ['an external data file', 'external data file', ['-o', `data_file=${dataFile}`]],
])('one with %s is not', async (_, words, options) => {
  await create('leads-elsewhere', '1M', ...options)
  expect((await imageOf('leads-elsewhere')).facts.problem).toContain(words)
  await rm(dataFile, { force: true })
})

it('one in another format is not, whatever its name says', async () => {
  await writeFile(own('raw'), randomBytes(1024 ** 2))
  expect((await imageOf('raw')).facts.problem).toContain('qcow2')
})

it('one that is cut off is refused before a machine is made of it', async () => {
  const raw = path.join(dir, 'raw')
  await writeFile(raw, randomBytes(8 * 1024 ** 2))
  await fromRaw(raw, own('cut'))
  expect(await codeOf((await imageOf('cut')).build({ signal }))).toBe('no failure')
  await truncate(own('cut'), (await stat(own('cut'))).size / 2)
  expect(await codeOf((await imageOf('cut')).build({ signal }))).toBe('machine.image_broken')
})
