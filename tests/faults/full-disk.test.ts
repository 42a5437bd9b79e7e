import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, statfsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { QemuHypervisor } from '@/worker/machines/drivers/qemu/qemu-hypervisor'
import { listProcessIds } from '@/worker/machines/drivers/qemu/state/processes'
import { runScriptIn } from '@/tests/support/guest-commands'
import { createMachineSpec } from '@/tests/support/machine-spec'
import { findProcesses } from '@/tests/support/processes'
import { neverAborted } from '@/tests/support/never-aborted'

const signal = neverAborted
const MIB = 1024 ** 2

/** Opens a driver with its files on a file system of the given size. */
async function openHypervisorOnDisk(sizeMiB: number) {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-small-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'none', dataDir])
  const hypervisor = await QemuHypervisor.open({
    hostId: 'host',
    dataDir,
    isConfined: true,
    answerMs: 90_000,
  })
  onTestFinished(async () => {
    for (const id of (await hypervisor.observeAll()).keys()) await hypervisor.destroy(id)
    await hypervisor.close()
    // Processes that have just ended may keep files open for a moment.
    await vi.waitFor(() => execFileSync('umount', [dataDir], { stdio: 'ignore' }), { timeout: 10_000 })
    await rm(dataDir, { recursive: true })
  })
  return { hypervisor, dataDir }
}

function fillDisk({ dir, filler, leftBytes = 0 }: { dir: string; filler: string; leftBytes?: number }) {
  const { bavail, bsize } = statfsSync(dir)
  execFileSync('fallocate', ['-l', `${bavail * bsize - leftBytes}`, filler])
}

// Requires root to mount file systems.
describe.runIf(process.getuid?.() === 0)('a full disk of the host', () => {
  it('fails an image build with machine.no_room and leaves no files', async () => {
    const { hypervisor, dataDir } = await openHypervisorOnDisk(48)
    const noRoom = {
      code: 'machine.no_room',
      message: expect.stringMatching(/Not enough disk space/) as string,
    }
    const { size } = createMachineSpec()
    await expect(hypervisor.templates.prepare({ image: 'tiny', size, signal })).rejects.toMatchObject(noRoom)
    expect(await readdir(path.join(dataDir, 'images/tiny'))).toEqual([])
    const spec = createMachineSpec()
    await expect(hypervisor.create(spec, { signal })).rejects.toMatchObject(noRoom)
    expect(await listProcessIds(spec.id)).toEqual([])
    await hypervisor.destroy(spec.id)
    expect(await readdir(path.join(dataDir, 'machines'))).toEqual([])
    expect(findProcesses(dataDir)).toEqual([])
  })

  it('fails the creation of a machine with machine.no_room and keeps its template', async () => {
    const { hypervisor, dataDir } = await openHypervisorOnDisk(1_400)
    const { size } = createMachineSpec()
    await hypervisor.templates.prepare({ image: 'tiny', size, signal })
    const templates = path.join(dataDir, 'images/templates')
    const files = await readdir(templates, { recursive: true })
    const filler = path.join(dataDir, 'filler')
    const onStage = (stage: string) => {
      if (stage !== 'disk' || existsSync(filler)) return
      fillDisk({ dir: dataDir, filler })
      // Fills the rest, as the free space that a file system reports is not exact.
      spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k', 'oflag=append', 'conv=notrunc'])
    }
    const noRoom = { code: 'machine.no_room', message: expect.stringMatching(/disk space/) as string }
    // The first disk is created by qemu-img, later ones are copies of an empty overlay.
    for (let n = 0; n < 2; n++) {
      await expect(hypervisor.create(createMachineSpec(), { signal, onStage })).rejects.toMatchObject(noRoom)
      expect(await readdir(templates, { recursive: true })).toEqual(files)
      await rm(filler)
      const spec = createMachineSpec()
      await hypervisor.create(spec, { signal })
      await hypervisor.destroy(spec.id)
    }
  })

  it('pauses a running machine, with a reason, until there is space again', async () => {
    const { hypervisor, dataDir } = await openHypervisorOnDisk(1_400)
    const spec = createMachineSpec({ size: { ...createMachineSpec().size, diskMiB: 512 } })
    const { id } = spec
    await hypervisor.create(spec, { signal })
    const before = await hypervisor.observe(id)
    const filler = path.join(dataDir, 'filler')
    fillDisk({ dir: dataDir, filler, leftBytes: 16 * MIB })
    const written = runScriptIn(
      hypervisor,
      id,
      'dd if=/dev/urandom of=/file bs=1M count=64 conv=fsync',
      240_000,
    )
    const paused = { ...before, reason: expect.stringMatching(/Paused because.*disk.*is full/) as string }
    await expect.poll(() => hypervisor.observe(id), { timeout: 120_000 }).toEqual(paused)
    // While the disk is full, repair changes nothing.
    await hypervisor.repair(id)
    expect(await hypervisor.observe(id)).toEqual(paused)
    await rm(filler)
    await hypervisor.repair(id)
    expect(await hypervisor.observe(id)).toEqual(before)
    expect((await written).exitCode).toBe(0)
  })
})
