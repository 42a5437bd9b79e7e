import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SIZES } from '@/lib/machines/sizes'
import { Catalogue } from '@/worker/machines/images/catalogue'
import { BUILD_ONLY } from '@/worker/machines/images/debian/settings'
import { own } from '@/worker/machines/images/owner'
import { createEmptyDisk } from '@/worker/machines/images/qemu-img'
import { findLeftovers } from '@/worker/machines/qemu/leftovers'
import { MachineFolders } from '@/worker/machines/qemu/machine-folder'
import { Templates } from '@/worker/machines/qemu/templates'
import { specOf } from './machine-spec'

let root: string
const at = (...names: string[]) => path.join(root, ...names)
const OLD_TINY = 'tiny/0123456789abcdef'
const old = () => `debian/${randomUUID()}`

async function put(dir: string, ...files: string[]) {
  await mkdir(at(dir), { recursive: true })
  for (const file of files) await writeFile(at(dir, file), '')
  return dir
}

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'meanwhile-leftovers-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

it('are makes of images and templates that nobody can order and nothing stands on', async () => {
  const catalogue = new Catalogue(root, BUILD_ONLY)
  const folders = new MachineFolders(at('machines'))
  const engine = { accelerator: 'tcg' as const, isConfined: true, answerMs: 1_000, closedRanges: [] }
  const templates = new Templates(root, { qemuVersion: '7.2.22', ...engine })
  const kept = { root, folders, catalogue, templates }
  expect(await findLeftovers(kept)).toEqual([])

  await mkdir(at('custom'))
  await createEmptyDisk(at('custom/mine.qcow2'), 64)
  const [mine] = await catalogue.made()
  const name = templates.nameOf(mine!, SIZES.small)
  await put(`templates/${name}-${randomUUID()}`, 'disk.qcow2', 'memory')
  const earlier = new Templates(root, { qemuVersion: '7.1.0', ...engine })
  const ofAnotherQemu = await put(
    `templates/${earlier.nameOf(mine!, SIZES.small)}-${randomUUID()}`,
    'disk.qcow2',
    'memory',
  )
  const discarded = await put(`templates/${name}-${randomUUID()}`, 'disk.qcow2')
  const stoodOn = await put(`templates/${name}-${randomUUID()}`, 'disk.qcow2')

  const [free, below, ofSnapshot] = [old(), old(), old()]
  for (const dir of [free, below, ofSnapshot]) await put(dir, 'root.qcow2', 'vmlinuz', 'initrd')
  const spec = specOf()
  await folders.make(spec.id)
  const bootFrom = { kernel: at(below, 'vmlinuz'), initrd: at(below, 'initrd'), arguments: '' }
  const backing = [at(stoodOn, 'disk.qcow2'), at(below, 'root.qcow2')]
  await folders.write(spec.id, { spec, isReady: true, backing, bootFrom })
  await createEmptyDisk(at('disk.qcow2'), 64)
  const kernel = { ...bootFrom, kernel: at(ofSnapshot, 'vmlinuz') }
  await catalogue.snapshots.keep('kept', { disk: at('disk.qcow2'), memoryMiB: 512, bootFrom: kernel })

  const ended = spawn('true')
  await once(ended, 'exit')
  const ofDead = await put(`debian/making-${randomUUID()}`)
  await writeFile(at(ofDead, 'owner.json'), JSON.stringify({ pid: ended.pid, startTicks: '1' }))
  const beingMade = await put(`${OLD_TINY}.${randomUUID()}`)
  await own(at(beingMade))
  await put(OLD_TINY, 'root.qcow2')
  // Not of our making.
  for (const dir of ['debian/download', 'debian/mine', 'tiny/notes', 'templates/notes']) await put(dir)

  expect((await findLeftovers(kept)).sort()).toEqual(
    [OLD_TINY, ofAnotherQemu, discarded, free, ofDead].sort(),
  )
  await folders.remove(spec.id)
  await catalogue.snapshots.remove('kept')
  expect(await findLeftovers(kept)).toEqual(expect.arrayContaining([stoodOn, below, ofSnapshot]))
})
