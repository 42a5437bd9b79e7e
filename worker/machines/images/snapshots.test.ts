import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { machineImageSchema } from '@/lib/machines/contract'
import { Snapshots } from './snapshots'

it('one that was taken before its memory was written down is offered as it was then', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'meanwhile-snapshots-'))
  onTestFinished(() => rm(root, { recursive: true }))
  await mkdir(path.join(root, 'snapshot-1'))
  const facts = { version: '1', diskMiB: 256, bootFrom: 'disk' }
  await writeFile(path.join(root, 'snapshot-1', 'snapshot.json'), JSON.stringify(facts))
  const [image] = await new Snapshots(root).images()
  expect(machineImageSchema.parse(JSON.parse(JSON.stringify(image!.facts))).minimum).toEqual({
    cpus: 1,
    memoryMiB: 128,
    diskMiB: 256,
  })
})
