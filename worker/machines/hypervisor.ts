import type { Duplex } from 'node:stream'

/**
 * What makes and runs machines on one host. The words are those of any provider: an image, a machine,
 * its console, a snapshot. Every driver passes `tests/support/contracts/hypervisor-contract.ts`.
 *
 * All of it may be asked twice: a worker that died in the middle asks again, with the same id.
 * An abort rejects with the signal's reason and leaves nothing half-made behind that `destroy` would not remove.
 */
export interface Hypervisor {
  readonly name: string
  /** What runs the machines, and honestly how. */
  describe(): Promise<HypervisorFacts>
  /** The catalogue. @throws nothing: an image that cannot be used says why. */
  listImages(): Promise<ImageFacts[]>
  /**
   * Makes what machines of this image and size start quickly from: builds the image, boots it once, and
   * saves it. Returns at once when it is there. Two that ask at the same time share the work.
   * @throws {PermanentError} machine.image_unknown, machine.image_broken
   */
  prepareTemplate(what: {
    image: string
    size: MachineSize
    signal: AbortSignal
    onStage?: OnStage
  }): Promise<void>
  /**
   * Makes a machine and starts it; resolves when the guest itself has answered. Where it exists already
   * it goes on from there.
   * @throws {PermanentError} machine.image_unknown, machine.image_broken, machine.no_room
   * @throws {AppError} machine.silent when the guest does not answer in time, machine.panicked
   */
  create(spec: MachineSpec, on: { signal: AbortSignal; onStage?: OnStage }): Promise<MachineObservation>
  /** Starts a stopped machine from its disk; resolves when the guest has answered. */
  start(id: string, on: { signal: AbortSignal; onStage?: OnStage }): Promise<MachineObservation>
  /** Asks the guest to shut down, and after `graceMs` takes the power away. A stopped one stays stopped. */
  stop(id: string, on: { graceMs: number; signal: AbortSignal }): Promise<void>
  /** Removes the machine and every process, file, socket and port of it, whatever state it is in. */
  destroy(id: string): Promise<void>
  /** What is there now, seen and not remembered. Never throws for a machine that is absent. */
  observe(id: string): Promise<MachineObservation>
  /**
   * Puts right what `observe` has told of a running machine, as far as that can be done from outside; the guest goes on as it
   * is. Where nothing is wrong nothing is done. @throws {AppError} with why it cannot be put right
   */
  repair(id: string): Promise<void>
  /** Ids of all machines of which anything is left on this host. */
  list(): Promise<string[]>
  /** CPUs, memory and disk of a stopped machine; a disk only grows. @throws {AppError} machine.not_stopped */
  resize(id: string, size: MachineSize): Promise<void>
  /** Keeps the disk of a machine (consistent also while it runs) as an image of that name. @returns the least that it runs with */
  createSnapshot(
    id: string,
    on: { name: string; signal: AbortSignal; onStage?: OnStage },
  ): Promise<MachineSize>
  removeSnapshot(name: string): Promise<void>
  /** What is kept of images and can go: nobody can order it any more, and no machine and no snapshot stands on it. */
  listGarbage(): Promise<string[]>
  /** Removes one of them, unless it has come into use. */
  removeGarbage(name: string): Promise<void>
  /** Bytes of the console from now on, and what is typed. Any number at once. @throws {AppError} machine.not_running */
  openConsole(id: string): Promise<MachineConsole>
  /** What the console has said since the machine was made, with times. The oldest is dropped beyond 4 MB. */
  readConsoleRecording(id: string): Promise<ConsoleChunk[]>
  /**
   * Runs a script inside the guest; resolves when it has ended. An abort, or `timeoutMs`, kills it in the guest.
   * @throws {AppError} machine.script_timeout
   */
  execute(
    id: string,
    on: { script: string; timeoutMs: number; signal: AbortSignal; onOutput(bytes: Buffer): void },
  ): Promise<{ exitCode: number }>
  /** What it uses now; counters grow from the start of the machine. @throws {AppError} machine.not_running */
  readUsage(id: string): Promise<MachineUsage>
  /** A connection to a TCP port inside the guest, from this process only. @throws {AppError} machine.not_running */
  connect(id: string, guestPort: number): Promise<Duplex>
  /** Stops following machines, which go on running. */
  close(): Promise<void>
}

export interface MachineSize {
  cpus: number
  memoryMiB: number
  diskMiB: number
}

export interface MachineSpec {
  /** UUID: also the machine's own. */
  id: string
  /** The name inside; letters, digits and hyphens. */
  hostname: string
  /** A catalogue image, or a snapshot. */
  image: string
  size: MachineSize
  /** OpenSSH public keys that may sign in. */
  sshKeys: string[]
  /** `outbound` reaches the internet, never this host and its loopback; `none` nothing. */
  network: 'none' | 'outbound'
}

/** `reserve` room, `image`, `disk`, `boot` or `restore`, and `answer` of the guest. */
export type Stage = 'reserve' | 'image' | 'disk' | 'boot' | 'answer'
/** `progress` from 0 to 1 within the stage, and what exactly is being done, where that is known. */
export type OnStage = (stage: Stage, progress?: number, what?: string) => void

export interface MachineObservation {
  state: 'running' | 'stopped' | 'absent'
  /** When the guest was started, where it runs. */
  startedAt?: Date
  /** Why it is not running, where nobody asked for that: it was killed, it panicked. Of a running one: what it lacks. */
  reason?: string
}

export interface HypervisorFacts {
  version: string
  /** True where a probe has shown that guests run on the processor itself. */
  isAccelerated: boolean
  /** One sentence for the person who uses it: what this means for speed and isolation. */
  note: string
  /** Null when it works; else why not and what to do, one sentence for an administrator. */
  problem: string | null
  /** Null when machines can be given a way to the internet; else why not, one sentence. */
  outboundProblem: string | null
}

export interface ImageFacts {
  name: string
  label: string
  /** One sentence: what is in it. */
  description: string
  /** The least it runs with. */
  minimum: MachineSize
  /** Null when it can be used; else why not. */
  problem: string | null
}

export interface MachineConsole {
  onData(listener: (bytes: Buffer) => void): void
  onEnd(listener: () => void): void
  /** What is typed; dropped as long as the guest leaves more than 1 MiB of it unread. */
  write(bytes: Buffer): void
  resize(size: { columns: number; rows: number }): void
  close(): void
}

export interface ConsoleChunk {
  at: Date
  bytes: Buffer
}

export interface MachineUsage {
  cpuSeconds: number
  memoryBytes: number
  diskBytes: number
  diskReadBytes: number
  diskWrittenBytes: number
  networkReceivedBytes: number
  networkSentBytes: number
}
