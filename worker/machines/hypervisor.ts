import type { Duplex } from 'node:stream'

/**
 * Creates and runs machines on one host. Every driver passes `tests/support/contracts/hypervisor-contract.ts`.
 *
 * All methods are idempotent: after a crash the next worker calls them again with the same id. Aborting a signal rejects
 * with its reason; `destroy` removes everything that an aborted call leaves behind.
 */
export interface Hypervisor {
  readonly name: string
  /** Version, acceleration and problems of this host, determined by probing. */
  describe(): Promise<HypervisorFacts>
  /** The image catalog and all snapshots. Never throws: an unusable image has a `problem`. */
  listImages(): Promise<ImageFacts[]>
  /**
   * Builds the image, boots it once and saves the state from which machines of this image and size start quickly.
   * Returns at once if it exists. Concurrent calls share the work.
   * @throws {PermanentError} machine.image_unknown, machine.image_broken
   * @throws {RetryLater} while too many tasks wait for the image build
   */
  prepareTemplate(options: {
    image: string
    size: MachineSize
    signal: AbortSignal
    onStage?: OnStage
  }): Promise<void>
  /**
   * Creates a machine and starts it; resolves when the guest responds. Continues from what exists of it.
   * @throws {PermanentError} machine.image_unknown, machine.image_broken, machine.no_room
   * @throws {RetryLater} while too many tasks wait for the image build
   * @throws {AppError} machine.silent when the guest does not respond in time, machine.panicked
   */
  create(spec: MachineSpec, options: { signal: AbortSignal; onStage?: OnStage }): Promise<MachineObservation>
  /** Boots a stopped machine from its disk; resolves when the guest responds. */
  start(id: string, options: { signal: AbortSignal; onStage?: OnStage }): Promise<MachineObservation>
  /** Requests a guest shutdown and powers off after `graceMs` (milliseconds). Does nothing if stopped. */
  stop(id: string, options: { graceMs: number; signal: AbortSignal }): Promise<void>
  /** Removes the machine with all its processes, files, sockets and ports, from any state. */
  destroy(id: string): Promise<void>
  /** The actual state, never cached. Does not throw for an absent machine. */
  observe(id: string): Promise<MachineObservation>
  /**
   * Repairs what `observe` reports about a running machine without restarting the guest. Does nothing if healthy.
   * @throws {AppError} with the reason when it cannot be repaired
   */
  repair(id: string): Promise<void>
  /** IDs of all machines of which anything exists on this host. */
  list(): Promise<string[]>
  /** Changes CPUs, memory and disk of a stopped machine. @throws {AppError} machine.not_stopped, machine.disk_shrinks */
  resize(id: string, size: MachineSize): Promise<void>
  /** Stores a copy of the disk as an image; consistent also while running. @returns the minimum size to run it */
  createSnapshot(
    id: string,
    options: { name: string; signal: AbortSignal; onStage?: OnStage },
  ): Promise<MachineSize>
  removeSnapshot(name: string): Promise<void>
  /** Names of image files that no new machine can use and no machine or snapshot is based on. */
  listGarbage(): Promise<string[]>
  /** Removes one of them unless it is in use again. */
  removeGarbage(name: string): Promise<void>
  /** Attaches to the serial console; any number of times at once. @throws {AppError} machine.not_running */
  openConsole(id: string): Promise<MachineConsole>
  /** Timestamped console output since creation. The oldest is dropped beyond 4 MB. */
  readConsoleRecording(id: string): Promise<ConsoleChunk[]>
  /**
   * Runs a script in the guest; resolves when it ends. An abort, or `timeoutMs` (milliseconds), kills it in the guest.
   * @throws {AppError} machine.script_timeout
   */
  execute(
    id: string,
    options: { script: string; timeoutMs: number; signal: AbortSignal; onOutput(bytes: Buffer): void },
  ): Promise<{ exitCode: number }>
  /** Current resource usage; counters start at zero with the machine. @throws {AppError} machine.not_running */
  readUsage(id: string): Promise<MachineUsage>
  /** Connects to a TCP port inside the guest. @throws {AppError} machine.not_running */
  connect(id: string, guestPort: number): Promise<Duplex>
  /** Releases all resources of this process; running machines keep running. */
  close(): Promise<void>
}

export interface MachineSize {
  cpus: number
  memoryMiB: number
  diskMiB: number
}

export interface MachineSpec {
  /** UUID; also the guest's hardware UUID. */
  id: string
  /** The guest's host name: letters, digits and hyphens. */
  hostname: string
  /** Name of a catalog image or of a snapshot. */
  image: string
  size: MachineSize
  /** Authorized OpenSSH public keys. */
  sshKeys: string[]
  /** `outbound` reaches the internet but never this host; `none` has no network. */
  network: 'none' | 'outbound'
}

/** Reserving capacity, preparing the image, creating the disk, booting or restoring, waiting for the guest. */
export type Stage = 'reserve' | 'image' | 'disk' | 'boot' | 'answer'
/** `progress` is 0–1 within the stage; `step` describes the current step, if known. */
export type OnStage = (stage: Stage, progress?: number, step?: string) => void

export interface MachineObservation {
  state: 'running' | 'stopped' | 'absent'
  /** When the guest was started, if it is running. */
  startedAt?: Date
  /** Why it stopped unexpectedly (killed, kernel panic); for a running machine, how it is impaired. */
  reason?: string
}

export interface HypervisorFacts {
  version: string
  /** True when a probe has shown that hardware virtualization works. */
  isAccelerated: boolean
  /** One sentence for users: consequences for speed and isolation. */
  note: string
  /** Null when usable; otherwise one sentence for administrators: the cause and the fix. */
  problem: string | null
  /** Null when outbound network works; otherwise the cause as one sentence. */
  outboundProblem: string | null
}

export interface ImageFacts {
  name: string
  label: string
  /** One sentence about its contents. */
  description: string
  /** The minimum size to run it. */
  minimum: MachineSize
  /** Null when usable; otherwise the cause. */
  problem: string | null
}

export interface MachineConsole {
  onData(listener: (bytes: Buffer) => void): void
  onEnd(listener: () => void): void
  /** Sends input; drops it while the guest has more than 1 MiB unread. */
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
