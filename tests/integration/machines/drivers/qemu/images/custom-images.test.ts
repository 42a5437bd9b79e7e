import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listCustomImages } from '@/worker/machines/drivers/qemu/images/custom-images'
import { convertFromRaw } from '@/worker/machines/drivers/qemu/images/qemu-img'
import { runProgram } from '@/worker/process/run-program'
import { neverAborted } from '@/tests/support/never-aborted'

const signal = neverAborted
const dataFile = path.join(tmpdir(), `meanwhile-data-file-${process.pid}`)
let dir: string
const customImagePath = (name: string) => path.join(dir, `${name}.qcow2`)
const createImageFile = (name: string, size: string, ...options: string[]) =>
  runProgram({
    file: 'qemu-img',
    args: ['create', '-q', '-f', 'qcow2', ...options, customImagePath(name), size],
    timeoutMs: 20_000,
  })
const findCustomImage = async (name: string) =>
  (await listCustomImages(dir)).find(({ facts }) => facts.name === name)!

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'meanwhile-images-'))
  await mkdir(dir, { recursive: true })
})
afterAll(() => rm(dir, { recursive: true, force: true }))

it('offers a custom image with its disk size as the minimum', async () => {
  await createImageFile('good', '3G')
  const { facts, build } = await findCustomImage('good')
  expect(facts).toMatchObject({ problem: null, minimum: { diskMiB: 3_072 } })
  const built = await build({ signal })
  expect(built).toMatchObject({
    disk: customImagePath('good'),
    diskMiB: 3_072,
    bootFrom: 'disk',
    backing: [],
  })
  // A template of the replaced file must not be used for the new one.
  await rm(customImagePath('good'))
  await createImageFile('good', '4G')
  await convertFromRaw({ from: customImagePath('good'), to: customImagePath('other') })
  expect((await (await findCustomImage('good')).build({ signal })).version).not.toBe(built.version)
})

it.each([
  ['a backing file', 'backing file', ['-b', '/etc/passwd', '-F', 'raw']],
  ['an external data file', 'external data file', ['-o', `data_file=${dataFile}`]],
])('rejects a custom image with %s', async (_, problem, options) => {
  await createImageFile('leads-elsewhere', '1M', ...options)
  expect((await findCustomImage('leads-elsewhere')).facts.problem).toContain(problem)
  await rm(dataFile, { force: true })
})

it('rejects a custom image in another format despite its file name', async () => {
  await writeFile(customImagePath('raw'), randomBytes(1024 ** 2))
  expect((await findCustomImage('raw')).facts.problem).toContain('qcow2')
})

it('refuses to build from a truncated custom image', async () => {
  const raw = path.join(dir, 'raw')
  await writeFile(raw, randomBytes(8 * 1024 ** 2))
  await convertFromRaw({ from: raw, to: customImagePath('cut') })
  const { build } = await findCustomImage('cut')
  await build({ signal })
  await truncate(customImagePath('cut'), (await stat(customImagePath('cut'))).size / 2)
  await expect((await findCustomImage('cut')).build({ signal })).rejects.toMatchObject({
    code: 'machine.image_broken',
  })
})
