import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, statfsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Stage } from '@/worker/machines/hypervisor'
import { QemuHypervisor } from '@/worker/machines/drivers/qemu/qemu-hypervisor'
import { listProcessIds } from '@/worker/machines/drivers/qemu/state/processes'
import { runScriptIn } from '@/tests/support/contracts/hypervisor-contract'
import { createMachineSpec } from '@/tests/support/machine-spec'
import { findProcesses } from '@/tests/support/processes'

const signal = new AbortController().signal
const MIB = 1024 ** 2

/** A driver whose files are all on a disk of that size. */
async function openHypervisorOnDisk(sizeMiB: number) {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-small-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'none', dataDir])
  const hypervisor = await QemuHypervisor.open({ dataDir, isConfined: true, answerMs: 90_000 })
  onTestFinished(async () => {
    for (const id of await hypervisor.list()) await hypervisor.destroy(id)
    await hypervisor.close()
    // Nobody holds anything of it open any more, soon.
    await vi.waitFor(() => execFileSync('umount', [dataDir], { stdio: 'ignore' }), { timeout: 10_000 })
    await rm(dataDir, { recursive: true })
  })
  return { hypervisor, dataDir }
}

function fillDisk(dir: string, filler: string, leftBytes = 0) {
  const { bavail, bsize } = statfsSync(dir)
  execFileSync('fallocate', ['-l', `${bavail * bsize - leftBytes}`, filler])
}

// A disk of any size is made by root only.
describe.runIf(process.getuid?.() === 0)('this server’s disk', () => {
  it('that is full while an image is made is told, and nothing of it is left', async () => {
    const { hypervisor, dataDir } = await openHypervisorOnDisk(48)
    const noRoom = { code: 'machine.no_room', message: expect.stringMatching(/no room/) as string }
    const { size } = createMachineSpec()
    await expect(hypervisor.prepareTemplate({ image: 'tiny', size, signal })).rejects.toMatchObject(noRoom)
    expect(await readdir(path.join(dataDir, 'images/tiny'))).toEqual([])
    const spec = createMachineSpec()
    await expect(hypervisor.create(spec, { signal })).rejects.toMatchObject(noRoom)
    expect(await listProcessIds(spec.id)).toEqual([])
    await hypervisor.destroy(spec.id)
    expect(await readdir(path.join(dataDir, 'machines'))).toEqual([])
    expect(findProcesses(dataDir)).toEqual([])
  })

  it('that fills up while a machine is made is told, and the machine’s template is kept', async () => {
    const { hypervisor, dataDir } = await openHypervisorOnDisk(1_400)
    const { size } = createMachineSpec()
    await hypervisor.prepareTemplate({ image: 'tiny', size, signal })
    const templates = path.join(dataDir, 'images/templates')
    const files = await readdir(templates, { recursive: true })
    const filler = path.join(dataDir, 'filler')
    const onStage = (stage: Stage) => {
      if (stage !== 'disk' || existsSync(filler)) return
      fillDisk(dataDir, filler)
      // What a file system counts as free is not exact.
      spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k', 'oflag=append', 'conv=notrunc'])
    }
    const noRoom = { code: 'machine.no_room', message: expect.stringMatching(/disk space/) as string }
    // The first one's disk is made by a program, the others' are like it.
    for (let n = 0; n < 2; n++) {
      await expect(hypervisor.create(createMachineSpec(), { signal, onStage })).rejects.toMatchObject(noRoom)
      expect(await readdir(templates, { recursive: true })).toEqual(files)
      await rm(filler)
      const spec = createMachineSpec()
      await hypervisor.create(spec, { signal })
      await hypervisor.destroy(spec.id)
    }
  })

  it('that is full under a running machine makes it wait, says so, and it goes on when there is room', async () => {
    const { hypervisor, dataDir } = await openHypervisorOnDisk(1_400)
    const spec = createMachineSpec({ size: { ...createMachineSpec().size, diskMiB: 512 } })
    const { id } = spec
    await hypervisor.create(spec, { signal })
    const before = await hypervisor.observe(id)
    const filler = path.join(dataDir, 'filler')
    fillDisk(dataDir, filler, 16 * MIB)
    const written = runScriptIn(
      hypervisor,
      id,
      'dd if=/dev/urandom of=/file bs=1M count=64 conv=fsync',
      240_000,
    )
    const waits = { ...before, reason: expect.stringMatching(/waits.*disk is full/) as string }
    await expect.poll(() => hypervisor.observe(id), { timeout: 120_000 }).toEqual(waits)
    // As long as there is none it is left as it is.
    await hypervisor.repair(id)
    expect(await hypervisor.observe(id)).toEqual(waits)
    await rm(filler)
    await hypervisor.repair(id)
    expect(await hypervisor.observe(id)).toEqual(before)
    expect((await written).exitCode).toBe(0)
  })
})
