import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Templates } from '@/worker/machines/qemu/templates'
import { SIZE } from './machine-spec'

let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'meanwhile-templates-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const templates = (qemuVersion = '7.2.22', accelerator: 'tcg' | 'kvm' = 'tcg') =>
  new Templates(root, { qemuVersion, accelerator, isConfined: true, answerMs: 1_000, closedRanges: [] })
const image = { version: '1', disk: '/images/disk', diskMiB: 96, backing: [], bootFrom: 'disk' as const }

it('are found for the same image, size and QEMU, and for no other', async () => {
  const dir = path.join(root, 'templates', `${templates().nameOf(image, SIZE)}-one`)
  await mkdir(dir, { recursive: true })
  expect(await templates().find(image, SIZE)).toBeUndefined()
  await writeFile(path.join(dir, 'memory'), 'saved')
  const found = await templates().find(image, SIZE)
  expect(found).toMatchObject({ memory: path.join(dir, 'memory') })
  expect(await templates('7.2.23').find(image, SIZE)).toBeUndefined()
  expect(await templates('7.2.22', 'kvm').find(image, SIZE)).toBeUndefined()
  expect(await templates().find({ ...image, version: '2' }, SIZE)).toBeUndefined()
  expect(await templates().find(image, { ...SIZE, memoryMiB: SIZE.memoryMiB + 1 })).toBeUndefined()
  await templates().discard(found!)
  expect(await templates().find(image, SIZE)).toBeUndefined()
})
