import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { QemuHypervisor } from '@/worker/machines/qemu/driver'
import { processesOf } from '@/worker/machines/qemu/processes'
import { runIn } from '@/tests/integration/machines/hypervisor-contract'
import { specOf } from '@/tests/integration/machines/machine-spec'
import { processesNaming } from '@/tests/support/processes'

const signal = new AbortController().signal
const MIB = 1024 ** 2

/** A driver whose files are all on a disk of that size. */
async function hypervisorOn(sizeMiB: number) {
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

// A disk of any size is made by root only.
describe.runIf(process.getuid?.() === 0)('this server’s disk', () => {
  it('that is full while an image is made is told, and nothing of it is left', async () => {
    const { hypervisor, dataDir } = await hypervisorOn(48)
    const noRoom = { code: 'machine.no_room', message: expect.stringMatching(/no room/) as string }
    const { size } = specOf()
    await expect(hypervisor.prepare({ image: 'tiny', size, signal })).rejects.toMatchObject(noRoom)
    expect(await readdir(path.join(dataDir, 'images/tiny'))).toEqual([])
    const spec = specOf()
    await expect(hypervisor.create(spec, { signal })).rejects.toMatchObject(noRoom)
    expect(await processesOf(spec.id)).toEqual([])
    await hypervisor.destroy(spec.id)
    expect(await readdir(path.join(dataDir, 'machines'))).toEqual([])
    expect(processesNaming(dataDir)).toEqual([])
  })

  it('that is full under a running machine makes it wait, says so, and it goes on when there is room', async () => {
    const { hypervisor, dataDir } = await hypervisorOn(1_400)
    const spec = specOf({ size: { ...specOf().size, diskMiB: 512 } })
    const { id } = spec
    await hypervisor.create(spec, { signal })
    const before = await hypervisor.observe(id)
    const { bavail, bsize } = await statfs(dataDir)
    const filler = path.join(dataDir, 'filler')
    execFileSync('fallocate', ['-l', `${bavail * bsize - 16 * MIB}`, filler])
    const written = runIn(hypervisor, id, 'dd if=/dev/urandom of=/file bs=1M count=64 conv=fsync', 240_000)
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
