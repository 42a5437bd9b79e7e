// Over 200 lines because it implements every operation of a hypervisor in memory, with one state.
import { PassThrough } from 'node:stream'
import { AppError } from '@/lib/errors'
import type { MachineCapabilities } from '@/lib/machines/capabilities'
import { FakeGuest } from './fake-guest'
import { connectToFakeWebServer } from './fake-web-server'
import type {
  BootScript,
  Hypervisor,
  MachineSize,
  MachineSpec,
  MachineObservation,
  OnStage,
  ScriptWait,
  StageDefinition,
  TemplateCache,
} from '@/worker/machines/hypervisor'
import {
  machineNotFound,
  diskCannotShrink,
  machineNotRunning,
  machineNotStopped,
  machineOfOther,
  machineRemoved,
  scriptTimedOut,
  sizeTooSmall,
  imageUnknown,
} from '../machine-errors'
import { MachineLock } from '../machine-lock'
import * as messages from '@/lib/generated/messages/machine-progress'

interface FakeMachine {
  hostId: string
  spec: MachineSpec
  guest?: FakeGuest
  startedAt?: Date
  reason?: string
  isChanging?: boolean
  /** How it is impaired while it runs; `cannot` is the failure of `repair`, if any. */
  impairment?: { reason: string; cannot?: string }
}

interface FakeOptions {
  /** Duration of each stage of `create`, in milliseconds. */
  stageMs?: number
  capabilities?: Partial<MachineCapabilities>
  fleet?: string
  /** The owner of the machines. */
  hostId?: string
  /** Shared with hypervisors of other owners. */
  machines?: Map<string, FakeMachine>
}

interface OperationOptions {
  signal: AbortSignal
  onStage?: OnStage
}

const STAGES: StageDefinition[] = [
  { name: 'image', label: messages.preparingImage, startsAt: 0, isShared: true },
  { name: 'disk', label: messages.creatingDisk, startsAt: 0.3 },
  { name: 'boot', label: messages.booting, startsAt: 0.5 },
]
const ALL_CAPABILITIES = {
  console: true,
  consoleInput: true,
  execute: true,
  bootScript: false,
  cloudConfig: false,
  ports: true,
  snapshots: true,
  resize: true,
  usage: true,
  survivesApp: false,
}
const MINIMUM_SIZE: MachineSize = { cpus: 1, memoryMiB: 128, diskMiB: 128 }

/** Simulates machines in memory, for tests. */
export class FakeHypervisor implements Hypervisor {
  readonly name = 'fake'
  readonly maxStreamsPerMachine = 8
  readonly stages = STAGES
  readonly capabilities: MachineCapabilities
  private readonly machines: Map<string, FakeMachine>
  private readonly hostId: string
  private readonly snapshots = new Set<string>()
  /** Returned by `listGarbage`; filled by tests. */
  readonly garbage = new Set<string>()
  readonly templates: TemplateCache = {
    prepare: async ({ image, signal }) => {
      signal.throwIfAborted()
      this.requireImage(image)
    },
    listGarbage: async () => [...this.garbage],
    removeGarbage: async (name) => void this.garbage.delete(name),
  }
  private readonly lock = new MachineLock(machineRemoved)

  constructor(private readonly options: FakeOptions = {}) {
    this.capabilities = { ...ALL_CAPABILITIES, ...options.capabilities }
    this.machines = options.machines ?? new Map()
    this.hostId = options.hostId ?? 'host'
  }

  async describe() {
    const note = 'Machines are simulated, for tests.'
    return {
      version: '1',
      fleet: this.options.fleet ?? null,
      kinds: ['vm' as const],
      isAccelerated: false,
      note,
      problem: null,
      outboundProblem: null,
    }
  }

  async listImages() {
    return ['tiny', ...this.snapshots].map((name) => ({
      name,
      label: name,
      description: 'Simulated.',
      kind: 'vm' as const,
      minimum: MINIMUM_SIZE,
      problem: null,
    }))
  }

  create(spec: MachineSpec, { signal, onStage }: OperationOptions) {
    return this.lock.run(spec.id, signal, async (combined) => {
      if (this.machines.has(spec.id) && !this.find(spec.id)) throw machineOfOther()
      const existing = this.find(spec.id)
      if (existing?.guest) return this.observe(spec.id)
      this.requireImage(spec.image)
      if (spec.size.memoryMiB < MINIMUM_SIZE.memoryMiB) throw sizeTooSmall('memory', MINIMUM_SIZE.memoryMiB)
      if (spec.size.diskMiB < MINIMUM_SIZE.diskMiB) throw sizeTooSmall('disk', MINIMUM_SIZE.diskMiB)
      for (const { name } of STAGES) await this.passStage(name, { signal: combined, onStage })
      this.machines.set(spec.id, { hostId: this.hostId, spec, ...bootGuest(spec) })
      return this.observe(spec.id)
    })
  }

  start(id: string, options: OperationOptions) {
    return this.lock.run(id, options.signal, async (combined) => {
      const machine = this.find(id)
      if (!machine) throw machineNotFound()
      if (!machine.guest) {
        await this.passStage('boot', { ...options, signal: combined })
        Object.assign(machine, bootGuest(machine.spec), { reason: undefined })
      }
      return this.observe(id)
    })
  }

  private async passStage(stage: string, { signal, onStage }: OperationOptions) {
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
    const machine = this.find(id)
    if (machine) machine.reason = reason
  }

  private powerOff(id: string) {
    const machine = this.find(id)
    machine?.guest?.powerOff()
    if (machine)
      Object.assign(machine, { guest: undefined, startedAt: undefined, recording: machine.guest?.recording })
  }

  async destroy(id: string) {
    await this.lock.abortAndRun(id, async () => {
      this.powerOff(id)
      if (this.find(id)) this.machines.delete(id)
    })
  }

  private observe(id: string): MachineObservation {
    const machine = this.find(id)!
    if (machine.isChanging) return { state: 'changing' }
    if (!machine.guest) return { state: 'stopped', reason: machine.reason }
    return { state: 'running', startedAt: machine.startedAt, reason: machine.impairment?.reason }
  }

  async repair(id: string) {
    const machine = this.find(id)
    const { cannot } = machine?.impairment ?? {}
    if (cannot) throw new AppError({ code: 'machine.cut_off', message: cannot, status: 503 })
    if (machine) machine.impairment = undefined
  }

  /** Simulates a failure of something that a running machine needs, such as its network. */
  impair(id: string, impairment: FakeMachine['impairment']) {
    this.find(id)!.impairment = impairment
  }

  /** Simulates a machine that what runs it moves to another state. */
  setChanging(id: string, isChanging: boolean) {
    this.find(id)!.isChanging = isChanging
  }

  async observeAll() {
    const ids = [...this.machines.keys()].filter((id) => this.find(id))
    return new Map(ids.map((id) => [id, this.observe(id)]))
  }

  async resize(id: string, size: MachineSize) {
    const machine = this.find(id)
    if (!machine) throw machineNotFound()
    if (machine.guest) throw machineNotStopped()
    if (size.diskMiB < machine.spec.size.diskMiB)
      throw diskCannotShrink(machine.spec.size.diskMiB, size.diskMiB)
    machine.spec = { ...machine.spec, size }
  }

  async createSnapshot(id: string, { name, signal, onStage }: { name: string } & OperationOptions) {
    if (!this.find(id)) throw machineNotFound()
    await this.passStage('disk', { signal, onStage })
    this.snapshots.add(name)
    return MINIMUM_SIZE
  }

  async removeSnapshot(name: string) {
    this.snapshots.delete(name)
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
    return this.find(id)?.guest?.recording ?? []
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

  async waitForBootScript(id: string, { endToken, ...options }: ScriptWait & Pick<BootScript, 'endToken'>) {
    const { bootScript } = this.find(id)?.spec ?? {}
    if (bootScript?.endToken !== endToken) throw scriptTimedOut(options.timeoutMs)
    return this.execute(id, { script: bootScript.script, ...options })
  }

  async readUsage(id: string) {
    this.requireGuest(id)
    const none = { diskReadBytes: 0, diskWrittenBytes: 0, networkReceivedBytes: 0, networkSentBytes: 0 }
    return { cpuSeconds: 1, memoryBytes: 64 * 1024 ** 2, diskBytes: 1024 ** 2, ...none }
  }

  /** Port 80 is a web server; every other port echoes. */
  async connect(id: string, guestPort: number) {
    const { hostname } = this.find(id)?.spec ?? {}
    this.requireGuest(id)
    return guestPort === 80 ? connectToFakeWebServer(hostname ?? '') : new PassThrough()
  }

  async close() {}

  private find(id: string) {
    const machine = this.machines.get(id)
    return machine?.hostId === this.hostId ? machine : undefined
  }

  private requireGuest(id: string) {
    const guest = this.find(id)?.guest
    if (!guest) throw machineNotRunning()
    return guest
  }

  private requireImage(image: string) {
    if (image !== 'tiny' && !this.snapshots.has(image)) throw imageUnknown(image)
  }
}

const bootGuest = (spec: MachineSpec) => ({ guest: new FakeGuest(spec.hostname), startedAt: new Date() })
