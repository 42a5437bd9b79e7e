// Over 200 lines because it implements every operation of a hypervisor in memory, with one state.
import { PassThrough } from 'node:stream'
import { AppError } from '@/lib/errors'
import { FakeGuest } from './fake-guest'
import { connectToFakeWebServer } from './fake-web-server'
import type {
  Hypervisor,
  MachineSize,
  MachineSpec,
  MachineObservation,
  OnStage,
  Stage,
} from '@/worker/machines/hypervisor'
import {
  machineNotFound,
  diskCannotShrink,
  machineNotRunning,
  machineNotStopped,
  machineRemoved,
  scriptTimedOut,
  sizeTooSmall,
  imageUnknown,
} from '../machine-errors'
import { MachineLock } from '../machine-lock'

interface FakeMachine {
  spec: MachineSpec
  guest?: FakeGuest
  startedAt?: Date
  reason?: string
  /** How it is impaired while it runs; `cannot` is the failure of `repair`, if any. */
  impairment?: { reason: string; cannot?: string }
}

interface OperationOptions {
  signal: AbortSignal
  onStage?: OnStage
}

const STAGES: Stage[] = ['reserve', 'image', 'disk', 'boot', 'answer']
const MINIMUM_SIZE: MachineSize = { cpus: 1, memoryMiB: 128, diskMiB: 128 }

/**
 * Simulates machines in memory, for tests. `stageMs` is the duration of each stage of `create`, in milliseconds.
 */
export class FakeHypervisor implements Hypervisor {
  readonly name = 'fake'
  readonly maxStreamsPerMachine = 8
  private readonly machines = new Map<string, FakeMachine>()
  private readonly snapshots = new Set<string>()
  /** Returned by `listGarbage`; filled by tests. */
  readonly garbage = new Set<string>()
  private readonly lock = new MachineLock(machineRemoved)

  constructor(private readonly options: { stageMs?: number } = {}) {}

  async describe() {
    const note = 'Machines are simulated, for tests.'
    return { version: '1', isAccelerated: false, note, problem: null, outboundProblem: null }
  }

  async listImages() {
    return ['tiny', ...this.snapshots].map((name) => ({
      name,
      label: name,
      description: 'Simulated.',
      minimum: MINIMUM_SIZE,
      problem: null,
    }))
  }

  async prepareTemplate({ image, signal }: { image: string; size: MachineSize } & OperationOptions) {
    signal.throwIfAborted()
    this.requireImage(image)
  }

  create(spec: MachineSpec, { signal, onStage }: OperationOptions) {
    return this.lock.run(spec.id, signal, async (combined) => {
      const existing = this.machines.get(spec.id)
      if (existing?.guest) return this.observe(spec.id)
      this.requireImage(spec.image)
      if (spec.size.memoryMiB < MINIMUM_SIZE.memoryMiB) throw sizeTooSmall('memory', MINIMUM_SIZE.memoryMiB)
      if (spec.size.diskMiB < MINIMUM_SIZE.diskMiB) throw sizeTooSmall('disk', MINIMUM_SIZE.diskMiB)
      for (const stage of STAGES) await this.passStage(stage, { signal: combined, onStage })
      this.machines.set(spec.id, { spec, ...bootGuest(spec) })
      return this.observe(spec.id)
    })
  }

  start(id: string, options: OperationOptions) {
    return this.lock.run(id, options.signal, async (combined) => {
      const machine = this.machines.get(id)
      if (!machine) throw machineNotFound()
      if (!machine.guest) {
        await this.passStage('boot', { ...options, signal: combined })
        Object.assign(machine, bootGuest(machine.spec), { reason: undefined })
      }
      return this.observe(id)
    })
  }

  private async passStage(stage: Stage, { signal, onStage }: OperationOptions) {
    onStage?.(stage)
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, this.options.stageMs ?? 0)
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(signal.reason as Error)
      })
      if (signal.aborted) reject(signal.reason as Error)
    })
  }

  stop(id: string, { signal }: { graceMs: number; signal: AbortSignal }) {
    return this.lock.run(id, signal, async () => this.powerOff(id))
  }

  /** Simulates a machine whose process is killed. */
  crash(id: string, reason: string) {
    this.powerOff(id)
    const machine = this.machines.get(id)
    if (machine) machine.reason = reason
  }

  private powerOff(id: string) {
    const machine = this.machines.get(id)
    machine?.guest?.powerOff()
    if (machine)
      Object.assign(machine, { guest: undefined, startedAt: undefined, recording: machine.guest?.recording })
  }

  async destroy(id: string) {
    await this.lock.abortAndRun(id, async () => {
      this.powerOff(id)
      this.machines.delete(id)
    })
  }

  async observe(id: string): Promise<MachineObservation> {
    const machine = this.machines.get(id)
    if (!machine) return { state: 'absent' }
    if (!machine.guest) return { state: 'stopped', reason: machine.reason }
    return { state: 'running', startedAt: machine.startedAt, reason: machine.impairment?.reason }
  }

  async repair(id: string) {
    const machine = this.machines.get(id)
    const { cannot } = machine?.impairment ?? {}
    if (cannot) throw new AppError({ code: 'machine.cut_off', message: cannot, status: 503 })
    if (machine) machine.impairment = undefined
  }

  /** Simulates a failure of something that a running machine needs, such as its network. */
  impair(id: string, impairment: FakeMachine['impairment']) {
    this.machines.get(id)!.impairment = impairment
  }

  async list() {
    return [...this.machines.keys()]
  }

  async resize(id: string, size: MachineSize) {
    const machine = this.machines.get(id)
    if (!machine) throw machineNotFound()
    if (machine.guest) throw machineNotStopped()
    if (size.diskMiB < machine.spec.size.diskMiB)
      throw diskCannotShrink(machine.spec.size.diskMiB, size.diskMiB)
    machine.spec = { ...machine.spec, size }
  }

  async createSnapshot(id: string, { name, signal, onStage }: { name: string } & OperationOptions) {
    if (!this.machines.has(id)) throw machineNotFound()
    await this.passStage('disk', { signal, onStage })
    this.snapshots.add(name)
    return MINIMUM_SIZE
  }

  async removeSnapshot(name: string) {
    this.snapshots.delete(name)
  }

  async listGarbage() {
    return [...this.garbage]
  }

  async removeGarbage(name: string) {
    this.garbage.delete(name)
  }

  async openConsole(id: string) {
    const guest = this.requireGuest(id)
    let onData: ((bytes: Buffer) => void) | undefined
    return {
      onData: (listener: (bytes: Buffer) => void) => void guest.viewers.add((onData = listener)),
      onEnd: (listener: () => void) => void guest.endListeners.add(listener),
      write: (bytes: Buffer) => guest.typeInput(bytes),
      resize: () => undefined,
      close: () => void (onData && guest.viewers.delete(onData)),
    }
  }

  async readConsoleRecording(id: string) {
    return this.machines.get(id)?.guest?.recording ?? []
  }

  async execute(id: string, options: Parameters<Hypervisor['execute']>[1]) {
    const { script, timeoutMs, signal, onOutput } = options
    signal.throwIfAborted()
    const { output, exitCode } = this.requireGuest(id).runScript(script)
    if (output) onOutput(Buffer.from(output))
    signal.throwIfAborted()
    if (exitCode !== undefined) return { exitCode }
    return new Promise<{ exitCode: number }>((_, reject) => {
      const timer = setTimeout(() => reject(scriptTimedOut(timeoutMs)), timeoutMs)
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(signal.reason as Error)
      })
    })
  }

  async readUsage(id: string) {
    this.requireGuest(id)
    const none = { diskReadBytes: 0, diskWrittenBytes: 0, networkReceivedBytes: 0, networkSentBytes: 0 }
    return { cpuSeconds: 1, memoryBytes: 64 * 1024 ** 2, diskBytes: 1024 ** 2, ...none }
  }

  /** Port 80 is a web server; every other port echoes. */
  async connect(id: string, guestPort: number) {
    const { hostname } = this.machines.get(id)?.spec ?? {}
    this.requireGuest(id)
    return guestPort === 80 ? connectToFakeWebServer(hostname ?? '') : new PassThrough()
  }

  async close() {}

  private requireGuest(id: string) {
    const guest = this.machines.get(id)?.guest
    if (!guest) throw machineNotRunning()
    return guest
  }

  private requireImage(image: string) {
    if (image !== 'tiny' && !this.snapshots.has(image)) throw imageUnknown(image)
  }
}

const bootGuest = (spec: MachineSpec) => ({ guest: new FakeGuest(spec.hostname), startedAt: new Date() })
