import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { QemuHypervisor } from '@/worker/machines/drivers/qemu/qemu-hypervisor'
import { evalArgs } from './eval-args'
import { runScriptIn, typeIntoConsole } from './guest-commands'
import { createMachineSpec } from './machine-spec'
import { neverAborted } from './never-aborted'

const ANSWER_MS = 90_000

/** A QEMU driver in its own data directory, with the template of the test size. Destroys all machines at the end. */
export function useQemuFixture() {
  const fixture = {
    dataDir: '',
    hypervisor: undefined as unknown as QemuHypervisor,
    machineDir: (id: string) => path.join(fixture.dataDir, 'machines', id),
    /** Opens another driver in the data directory, like the next worker. */
    open: () =>
      QemuHypervisor.open({
        hostId: 'host',
        dataDir: fixture.dataDir,
        isConfined: true,
        answerMs: ANSWER_MS,
      }),
    prepareTemplate: (size = createMachineSpec().size) =>
      fixture.hypervisor.templates.prepare({ image: 'tiny', size, signal: neverAborted }),
    async createMachine(more: Partial<MachineSpec> = {}) {
      const spec = createMachineSpec(more)
      await fixture.hypervisor.create(spec, { signal: neverAborted })
      return spec.id
    },
    runScript: (id: string, script: string, timeoutMs?: number) =>
      runScriptIn(fixture.hypervisor, id, script, timeoutMs),
    typeIntoConsole: (id: string, line: string, expected: RegExp) =>
      typeIntoConsole(fixture.hypervisor, id, line, expected),
    /** Starts a process that runs `code` with a `driver` of its own, like a worker. */
    startWorker(code: string) {
      const options = { hostId: 'host', dataDir: fixture.dataDir, isConfined: true, answerMs: ANSWER_MS }
      return spawnCode(`
        import { QemuHypervisor } from '@/worker/machines/drivers/qemu/qemu-hypervisor'
        const driver = await QemuHypervisor.open(${JSON.stringify(options)})
        ${code}`)
    },
  }
  beforeAll(async () => {
    fixture.dataDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-machines-'))
    fixture.hypervisor = await fixture.open()
    await fixture.prepareTemplate()
  })
  afterAll(async () => {
    for (const id of (await fixture.hypervisor.observeAll()).keys()) await fixture.hypervisor.destroy(id)
    await fixture.hypervisor.close()
    await rm(fixture.dataDir, { recursive: true, force: true })
  })
  return fixture
}

/** Starts a process that runs TypeScript source code. */
export const spawnCode = (code: string, env: Record<string, string> = {}) =>
  spawn(process.execPath, evalArgs(code), {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
