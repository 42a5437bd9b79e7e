import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TemplateStore } from '@/worker/machines/drivers/qemu/templates/template-store'
import { TEST_SIZE } from '@/tests/support/machine-spec'

let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'meanwhile-templates-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const createTemplateStore = (qemuVersion = '7.2.22', accelerator: 'tcg' | 'kvm' = 'tcg') =>
  new TemplateStore(root, { qemuVersion, accelerator, isConfined: true, answerMs: 1_000, blockedRanges: [] })
const image = { version: '1', disk: '/images/disk', diskMiB: 96, backing: [], bootFrom: 'disk' as const }

it('finds a template only for the same image, size, version of QEMU and accelerator', async () => {
  const dir = path.join(root, 'templates', `${createTemplateStore().computeKey(image, TEST_SIZE)}-one`)
  await mkdir(dir, { recursive: true })
  expect(await createTemplateStore().find(image, TEST_SIZE)).toBeUndefined()
  await writeFile(path.join(dir, 'memory'), 'saved')
  const found = await createTemplateStore().find(image, TEST_SIZE)
  expect(found).toMatchObject({ memory: path.join(dir, 'memory') })
  expect(await createTemplateStore('7.2.23').find(image, TEST_SIZE)).toBeUndefined()
  expect(await createTemplateStore('7.2.22', 'kvm').find(image, TEST_SIZE)).toBeUndefined()
  expect(await createTemplateStore().find({ ...image, version: '2' }, TEST_SIZE)).toBeUndefined()
  expect(
    await createTemplateStore().find(image, { ...TEST_SIZE, memoryMiB: TEST_SIZE.memoryMiB + 1 }),
  ).toBeUndefined()
  await createTemplateStore().discard(found!)
  expect(await createTemplateStore().find(image, TEST_SIZE)).toBeUndefined()
})
