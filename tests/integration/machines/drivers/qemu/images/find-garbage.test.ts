import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SIZES } from '@/lib/machines/sizes'
import { ImageCatalog } from '@/worker/machines/drivers/qemu/images/image-catalog'
import { BUILD_ONLY } from '@/worker/machines/drivers/qemu/images/debian/debian-settings'
import { writePidFile } from '@/worker/machines/drivers/qemu/state/pid-file'
import { createEmptyDisk } from '@/worker/machines/drivers/qemu/images/qemu-img'
import { findGarbage } from '@/worker/machines/drivers/qemu/images/find-garbage'
import { MachineFolders } from '@/worker/machines/drivers/qemu/state/machine-folders'
import { TemplateStore } from '@/worker/machines/drivers/qemu/templates/template-store'
import { createMachineSpec } from '@/tests/support/machine-spec'

let root: string
const pathTo = (...names: string[]) => path.join(root, ...names)
const OLD_TINY_VERSION = 'tiny/0123456789abcdef'
const createOldVersion = () => `debian/${randomUUID()}`

async function createFiles(dir: string, ...files: string[]) {
  await mkdir(pathTo(dir), { recursive: true })
  for (const file of files) await writeFile(pathTo(dir, file), '')
  return dir
}

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'meanwhile-garbage-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

it('finds superseded builds, unusable templates and abandoned builds, except those in use', async () => {
  const catalog = new ImageCatalog(root, BUILD_ONLY)
  const folders = new MachineFolders(pathTo('machines'))
  const settings = { accelerator: 'tcg' as const, isConfined: true, answerMs: 1_000, blockedRanges: [] }
  const templates = new TemplateStore(root, { qemuVersion: '7.2.22', ...settings })
  const deps = { root, folders, catalog, templates }
  expect(await findGarbage(deps)).toEqual([])

  await mkdir(pathTo('custom'))
  await createEmptyDisk(pathTo('custom/mine.qcow2'), 64)
  const [mine] = await catalog.findBuilt()
  const name = templates.computeKey(mine!, SIZES.small)
  await createFiles(`templates/${name}-${randomUUID()}`, 'disk.qcow2', 'memory')
  const earlier = new TemplateStore(root, { qemuVersion: '7.1.0', ...settings })
  const ofAnotherQemu = await createFiles(
    `templates/${earlier.computeKey(mine!, SIZES.small)}-${randomUUID()}`,
    'disk.qcow2',
    'memory',
  )
  const discarded = await createFiles(`templates/${name}-${randomUUID()}`, 'disk.qcow2')
  const templateInUse = await createFiles(`templates/${name}-${randomUUID()}`, 'disk.qcow2')

  const [unused, backingOfMachine, backingOfSnapshot] = [
    createOldVersion(),
    createOldVersion(),
    createOldVersion(),
  ]
  for (const dir of [unused, backingOfMachine, backingOfSnapshot])
    await createFiles(dir, 'root.qcow2', 'vmlinuz', 'initrd')
  const spec = createMachineSpec()
  await folders.create(spec.id)
  const bootFrom = {
    kernel: pathTo(backingOfMachine, 'vmlinuz'),
    initrd: pathTo(backingOfMachine, 'initrd'),
    arguments: '',
  }
  const backing = [pathTo(templateInUse, 'disk.qcow2'), pathTo(backingOfMachine, 'root.qcow2')]
  await folders.write(spec.id, { spec, isReady: true, backing, bootFrom })
  await createEmptyDisk(pathTo('disk.qcow2'), 64)
  const kernel = { ...bootFrom, kernel: pathTo(backingOfSnapshot, 'vmlinuz') }
  await catalog.snapshots.add('snapshot', { disk: pathTo('disk.qcow2'), memoryMiB: 512, bootFrom: kernel })

  const ended = spawn('true')
  await once(ended, 'exit')
  const abandoned = await createFiles(`debian/making-${randomUUID()}`)
  await writeFile(pathTo(abandoned, 'owner.json'), JSON.stringify({ pid: ended.pid, startTicks: '1' }))
  const unfinished = await createFiles(`${OLD_TINY_VERSION}.${randomUUID()}`)
  await writePidFile(pathTo(unfinished))
  await createFiles(OLD_TINY_VERSION, 'root.qcow2')
  // Names that do not match any build.
  for (const dir of ['debian/download', 'debian/mine', 'tiny/notes', 'templates/notes'])
    await createFiles(dir)

  expect((await findGarbage(deps)).sort()).toEqual(
    [OLD_TINY_VERSION, ofAnotherQemu, discarded, unused, abandoned].sort(),
  )
  await folders.remove(spec.id)
  await catalog.snapshots.remove('snapshot')
  expect(await findGarbage(deps)).toEqual(
    expect.arrayContaining([templateInUse, backingOfMachine, backingOfSnapshot]),
  )
})
