import { access, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { machineImageSchema } from '@/lib/machines/schema'
import { createEmptyDisk } from './qemu-img'
import { SnapshotStore } from './snapshot-store'

it('one that was taken before its memory was written down is offered as it was then', async () => {
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

it('one that is being kept is not swept away, and what a killed worker left of one is', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'meanwhile-snapshots-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const snapshots = new SnapshotStore(path.join(root, 'snapshots'))
  const disk = path.join(root, 'disk.qcow2')
  await mkdir(path.join(root, 'snapshots', 'snapshot-0.left'), { recursive: true })
  let isOver = false
  const sweeping = (async () => {
    while (!isOver) await snapshots.sweep(new Set())
  })()
  for (let n = 1; n <= 10; n++) {
    await createEmptyDisk(disk, 64)
    await snapshots.add(`snapshot-${n}`, { disk, memoryMiB: 128, bootFrom: 'disk' })
    await access(snapshots.path(`snapshot-${n}`, 'disk.qcow2'))
  }
  isOver = true
  await sweeping
  expect((await snapshots.listImages()).length).toBe(10)
  expect(await readdir(path.join(root, 'snapshots'))).toHaveLength(10)
})
