import { PassThrough } from 'node:stream'
import { AppError } from '@/lib/errors'
import { FakeGuest } from './fake-guest'
import { connectToFakeServer } from './fake-server'
import type { Hypervisor, MachineSize, MachineSpec, Observed, OnStage, Stage } from './hypervisor'
import { imageUnknown } from './images/image-errors'
import { absent, diskShrinks, notRunning, notStopped, removed, tooSmall } from './qemu/machine-errors'
import { Operations } from './qemu/operations'

interface FakeMachine {
  spec: MachineSpec
  guest?: FakeGuest
  startedAt?: Date
  reason?: string
  /** What it lacks while it runs, and why that cannot be put right. */
  lack?: { reason: string; cannot?: string }
}

interface On {
  signal: AbortSignal
  onStage?: OnStage
}

const STAGES: Stage[] = ['reserve', 'image', 'disk', 'boot', 'answer']
const MINIMUM: MachineSize = { cpus: 1, memoryMiB: 128, diskMiB: 128 }

// Longer than others, because the interface has many methods, and each is pretended in a line or a few.

/**
 * Machines that exist only in this process, for tests of everything around them. `stageMs` is how long
 * each stage of making one takes.
 */
export class FakeHypervisor implements Hypervisor {
  readonly name = 'fake'
  private readonly machines = new Map<string, FakeMachine>()
  private readonly snapshots = new Set<string>()
  /** What is kept and can go. */
  readonly left = new Set<string>()
  private readonly operations = new Operations(removed)

  constructor(private readonly options: { stageMs?: number } = {}) {}

  async describe() {
    const note = 'These machines are not real.'
    return { version: '1', isAccelerated: false, note, problem: null, outboundProblem: null }
  }

  async images() {
    return ['tiny', ...this.snapshots].map((name) => ({
      name,
      label: name,
      description: 'A fake.',
      minimum: MINIMUM,
      problem: null,
    }))
  }

  async prepare({ image, signal }: { image: string; size: MachineSize } & On) {
    signal.throwIfAborted()
    this.mustKnow(image)
  }

  create(spec: MachineSpec, { signal, onStage }: On) {
    return this.operations.run(spec.id, signal, async (given) => {
      const known = this.machines.get(spec.id)
      if (known?.guest) return this.observe(spec.id)
      this.mustKnow(spec.image)
      if (spec.size.memoryMiB < MINIMUM.memoryMiB) throw tooSmall('memory', MINIMUM.memoryMiB)
      if (spec.size.diskMiB < MINIMUM.diskMiB) throw tooSmall('disk', MINIMUM.diskMiB)
      for (const stage of STAGES) await this.pass(stage, { signal: given, onStage })
      this.machines.set(spec.id, { spec, ...boot(spec) })
      return this.observe(spec.id)
    })
  }

  start(id: string, on: On) {
    return this.operations.run(id, on.signal, async (given) => {
      const machine = this.machines.get(id)
      if (!machine) throw absent()
      if (!machine.guest) {
        await this.pass('boot', { ...on, signal: given })
        Object.assign(machine, boot(machine.spec), { reason: undefined })
      }
      return this.observe(id)
    })
  }

  private async pass(stage: Stage, { signal, onStage }: On) {
    onStage?.(stage)
    await new Promise<void>((resolve, reject) => {
      const clock = setTimeout(resolve, this.options.stageMs ?? 0)
      signal.addEventListener('abort', () => {
        clearTimeout(clock)
        reject(signal.reason as Error)
      })
      if (signal.aborted) reject(signal.reason as Error)
    })
  }

  stop(id: string, { signal }: { graceMs: number; signal: AbortSignal }) {
    return this.operations.run(id, signal, async () => this.powerOff(id))
  }

  /** As when its process is killed from outside. */
  kill(id: string, reason: string) {
    this.powerOff(id)
    const machine = this.machines.get(id)
    if (machine) machine.reason = reason
  }

  private powerOff(id: string) {
    const machine = this.machines.get(id)
    machine?.guest?.end()
    if (machine)
      Object.assign(machine, { guest: undefined, startedAt: undefined, recording: machine.guest?.recording })
  }

  async destroy(id: string) {
    await this.operations.end(id, async () => {
      this.powerOff(id)
      this.machines.delete(id)
    })
  }

  async observe(id: string): Promise<Observed> {
    const machine = this.machines.get(id)
    if (!machine) return { state: 'absent' }
    if (!machine.guest) return { state: 'stopped', reason: machine.reason }
    return { state: 'running', startedAt: machine.startedAt, reason: machine.lack?.reason }
  }

  async repair(id: string) {
    const machine = this.machines.get(id)
    const { cannot } = machine?.lack ?? {}
    if (cannot) throw new AppError({ code: 'machine.cut_off', message: cannot, status: 503 })
    if (machine) machine.lack = undefined
  }

  /** As when something that a machine needs fails beside it. */
  impair(id: string, lack: FakeMachine['lack']) {
    this.machines.get(id)!.lack = lack
  }

  async list() {
    return [...this.machines.keys()]
  }

  async resize(id: string, size: MachineSize) {
    const machine = this.machines.get(id)
    if (!machine) throw absent()
    if (machine.guest) throw notStopped()
    if (size.diskMiB < machine.spec.size.diskMiB) throw diskShrinks(machine.spec.size.diskMiB, size.diskMiB)
    machine.spec = { ...machine.spec, size }
  }

  async snapshot(id: string, { name, signal, onStage }: { name: string } & On) {
    if (!this.machines.has(id)) throw absent()
    await this.pass('disk', { signal, onStage })
    this.snapshots.add(name)
    return MINIMUM
  }

  async removeSnapshot(name: string) {
    this.snapshots.delete(name)
  }

  async leftovers() {
    return [...this.left]
  }

  async removeLeftover(name: string) {
    this.left.delete(name)
  }

  async openConsole(id: string) {
    const guest = this.guestOf(id)
    let onData: ((bytes: Buffer) => void) | undefined
    return {
      onData: (listener: (bytes: Buffer) => void) => void guest.viewers.add((onData = listener)),
      onEnd: (listener: () => void) => void guest.endListeners.add(listener),
      write: (bytes: Buffer) => guest.type(bytes),
      resize: () => undefined,
      close: () => void (onData && guest.viewers.delete(onData)),
    }
  }

  async consoleRecording(id: string) {
    return this.machines.get(id)?.guest?.recording ?? []
  }

  async execute(id: string, given: Parameters<Hypervisor['execute']>[1]) {
    const { script, timeoutMs, signal, onOutput } = given
    signal.throwIfAborted()
    const { output, exitCode } = this.guestOf(id).run(script)
    if (output) onOutput(Buffer.from(output))
    signal.throwIfAborted()
    if (exitCode !== undefined) return { exitCode }
    return new Promise<{ exitCode: number }>((_, reject) => {
      const clock = setTimeout(() => reject(tooLong()), timeoutMs)
      signal.addEventListener('abort', () => {
        clearTimeout(clock)
        reject(signal.reason as Error)
      })
    })
  }

  async usage(id: string) {
    this.guestOf(id)
    const none = { diskReadBytes: 0, diskWrittenBytes: 0, networkReceivedBytes: 0, networkSentBytes: 0 }
    return { cpuSeconds: 1, memoryBytes: 64 * 1024 ** 2, diskBytes: 1024 ** 2, ...none }
  }

  /** Port 80 is a web server; every other one says back what it hears. */
  async connect(id: string, guestPort: number) {
    const { hostname } = this.machines.get(id)?.spec ?? {}
    this.guestOf(id)
    return guestPort === 80 ? connectToFakeServer(hostname ?? '') : new PassThrough()
  }

  async close() {}

  private guestOf(id: string) {
    const guest = this.machines.get(id)?.guest
    if (!guest) throw notRunning()
    return guest
  }

  private mustKnow(image: string) {
    if (image !== 'tiny' && !this.snapshots.has(image)) throw imageUnknown(image)
  }
}

const boot = (spec: MachineSpec) => ({ guest: new FakeGuest(spec.hostname), startedAt: new Date() })

const tooLong = () =>
  new AppError({
    code: 'machine.script_timeout',
    message: 'The script ran too long and was ended.',
    status: 422,
  })
