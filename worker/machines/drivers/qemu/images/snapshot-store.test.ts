import { access, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { machineImageSchema } from '@/lib/machines/schema'
import { createEmptyDisk } from './qemu-img'
import { SnapshotStore } from './snapshot-store'

it('offers a snapshot without stored memory with the default minimum', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'meanwhile-snapshots-'))
  onTestFinished(() => rm(root, { recursive: true }))
  await mkdir(path.join(root, 'snapshot-1'))
  const facts = { version: '1', diskMiB: 256, bootFrom: 'disk' }
  await writeFile(path.join(root, 'snapshot-1', 'snapshot.json'), JSON.stringify(facts))
  const [image] = await new SnapshotStore(root).listImages()
  expect(machineImageSchema.parse(JSON.parse(JSON.stringify(image!.facts))).minimum).toEqual({
    cpus: 1,
    memoryMiB: 128,
    diskMiB: 256,
  })
})

it('sweeps unfinished snapshots of killed workers but not one that is being added', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'meanwhile-snapshots-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const snapshots = new SnapshotStore(path.join(root, 'snapshots'))
  const disk = path.join(root, 'disk.qcow2')
  await mkdir(path.join(root, 'snapshots', 'snapshot-0.left'), { recursive: true })
  let isDone = false
  const sweeping = (async () => {
    while (!isDone) await snapshots.sweep(new Set())
  })()
  for (let n = 1; n <= 10; n++) {
    await createEmptyDisk(disk, 64)
    await snapshots.add(`snapshot-${n}`, { disk, memoryMiB: 128, bootFrom: 'disk' })
    await access(snapshots.path(`snapshot-${n}`, 'disk.qcow2'))
  }
  isDone = true
  await sweeping
  expect((await snapshots.listImages()).length).toBe(10)
  expect(await readdir(path.join(root, 'snapshots'))).toHaveLength(10)
})
