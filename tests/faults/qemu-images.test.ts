import { execFile } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { listRunningMachineIds } from '@/worker/machines/drivers/qemu/state/processes'
import { createMachineSpec } from '@/tests/support/machine-spec'
import { neverAborted } from '@/tests/support/never-aborted'
import { findProcesses, killAndWait } from '@/tests/support/processes'
import { spawnCode, useQemuFixture } from '@/tests/support/qemu-fixture'
import { rejectionOf } from '@/tests/support/rejection-of'

const execFileAsync = promisify(execFile)
const fixture = useQemuFixture()

describe('a template', () => {
  it('is discarded when it cannot be restored, and the machine boots instead', async () => {
    const templates = path.join(fixture.dataDir, 'images/templates')
    const [name] = await readdir(templates)
    await writeFile(path.join(templates, name!, 'memory'), 'not a VM state')
    const id = await fixture.createMachine()
    expect((await fixture.runScript(id, 'hostname')).output).toBe('contract\n')
    expect(await readdir(path.join(templates, name!))).not.toContain('memory')
    await fixture.hypervisor.destroy(id)
    await fixture.prepareTemplate()
    const templateCount = (await readdir(templates)).length
    await fixture.prepareTemplate()
    expect(await readdir(templates)).toHaveLength(templateCount)
    expect(await readdir(path.join(fixture.dataDir, 'images/building'))).toEqual([])
  })

  it('stops building when its worker is killed', async () => {
    const size = { ...createMachineSpec().size, memoryMiB: 192 }
    const worker = fixture.startWorker(`
      const signal = new AbortController().signal
      await driver.templates.prepare({ image: 'tiny', size: ${JSON.stringify(size)}, signal })`)
    const building = () => listRunningMachineIds(path.join(fixture.dataDir, 'images/building'))
    await expect.poll(building, { timeout: 20_000 }).toHaveLength(1)
    // Its command line names the machine before bubblewrap has tied it to the worker.
    const [id] = await building()
    const isQemuRunning = () => findProcesses(id!).some(({ command }) => command.startsWith('qemu-system'))
    await expect.poll(isQemuRunning, { timeout: 20_000 }).toBe(true)
    await killAndWait(worker)
    await expect.poll(building, { timeout: 5_000 }).toEqual([])
  })
})

describe('the KVM probe', () => {
  it('ends with its worker when it hangs and the worker is killed', async () => {
    // Simulates a guest that hangs on broken KVM.
    const bin = path.join(fixture.dataDir, 'bin')
    await mkdir(bin)
    await writeFile(path.join(bin, 'qemu-system-x86_64'), '#!/bin/sh\nexec sleep 1000\n', { mode: 0o755 })
    const code = `
      import { probeAccelerator } from '@/worker/machines/drivers/qemu/accelerator'
      const kernel = { kernel: 'vmlinuz', initrd: 'initrd', arguments: '' }
      await probeAccelerator({ file: ${JSON.stringify(path.join(bin, 'found'))}, qemuVersion: '1', kernel })`
    const worker = spawnCode(code, { PATH: `${bin}:${process.env.PATH}` })
    const probes = () => findProcesses(bin).filter(({ command }) => command.startsWith('sleep'))
    await expect.poll(probes, { timeout: 20_000, interval: 20 }).toHaveLength(1)
    await killAndWait(worker)
    await expect.poll(probes, { timeout: 1_000 }).toEqual([])
  })
})

describe('an image', () => {
  it('boots machines from a snapshot of a running one, which keep it after its removal', async () => {
    const id = await fixture.createMachine()
    await fixture.runScript(id, 'echo precious >/root/file')
    await fixture.hypervisor.createSnapshot(id, { name: 'with-file', signal: neverAborted })
    const copy = await fixture.createMachine({ image: 'with-file', hostname: 'copy' })
    await fixture.hypervisor.removeSnapshot('with-file')
    expect(await fixture.runScript(copy, 'cat /root/file; hostname')).toMatchObject({
      output: 'precious\ncopy\n',
    })
    await fixture.hypervisor.stop(copy, { graceMs: 0, signal: neverAborted })
    await fixture.hypervisor.start(copy, { signal: neverAborted })
    await fixture.typeIntoConsole(copy, 'cat file', /precious/)
    for (const each of [id, copy]) await fixture.hypervisor.destroy(each)
    expect(await readdir(path.join(fixture.dataDir, 'images/snapshots'))).toEqual([])
  })

  it('assigns its own identity to each machine from a snapshot with an older agent', async () => {
    const id = await fixture.createMachine()
    const facts = 'hostname; cat /etc/machine-id'
    const { exitCode } = await fixture.runScript(
      id,
      'sed -i "s/ become ;;/ ;;/" /usr/lib/meanwhile/agent && ! grep -q "number. become" /usr/lib/meanwhile/agent',
    )
    expect(exitCode).toBe(0)
    await fixture.hypervisor.createSnapshot(id, { name: 'older', signal: neverAborted })
    const copy = await fixture.createMachine({ image: 'older', hostname: 'copy' })
    expect((await fixture.runScript(copy, facts)).output).toBe(`copy\n${copy.replaceAll('-', '')}\n`)
    for (const each of [id, copy]) await fixture.hypervisor.destroy(each)
    await fixture.hypervisor.removeSnapshot('older')
  })

  it('is rejected if it is custom and refers to other files or is not qcow2', async () => {
    const dir = path.join(fixture.dataDir, 'images/custom')
    await mkdir(dir, { recursive: true })
    const createImage = (name: string, ...args: string[]) =>
      execFileAsync('qemu-img', ['create', '-q', '-f', 'qcow2', ...args, path.join(dir, name), '1M'])
    await writeFile(path.join(dir, 'secret.raw'), Buffer.alloc(1024 ** 2))
    await createImage('backed.qcow2', '-b', '/etc/passwd', '-F', 'raw')
    await createImage('split.qcow2', '-o', `data_file=${path.join(dir, 'secret.raw')}`)
    await writeFile(path.join(dir, 'text.qcow2'), 'no disk')
    await createImage('good.qcow2')
    const problems = Object.fromEntries(
      (await fixture.hypervisor.listImages()).map(({ name, problem }) => [name, problem]),
    )
    expect(problems).toMatchObject({
      backed: expect.stringContaining('backing file'),
      split: expect.stringContaining('external data file'),
      text: expect.stringContaining('qcow2'),
      good: null,
    })
    expect(await rejectionOf(fixture.createMachine({ image: 'backed' }))).toMatchObject({
      code: 'machine.image_broken',
    })
  })
})
