// Over 200 lines because it is the one interface of all drivers, with what each operation promises.

import type { Duplex } from 'node:stream'
import type { MachineCapabilities, MachineKind } from '@/lib/machines/capabilities'
import type { MachineOffer } from '@/lib/machines/offer-schema'

/**
 * Creates and runs machines on one host, or on the computers of a cluster. Every driver passes
 * `tests/support/contracts/hypervisor-contract.ts` as far as its capabilities go.
 *
 * A driver is opened for one owner and marks all machines it creates as that owner's. It lists, changes and removes only
 * machines with this mark; others may exist beside them.
 *
 * All methods except `execute` are idempotent: after a crash the next worker calls them again with the same id. Aborting a
 * signal rejects with its reason; `destroy` removes everything that an aborted call leaves behind.
 */
export interface Hypervisor {
  /** Name of the driver, such as `fake`. */
  readonly name: string
  /** How many scripts, snapshots and connections one machine serves at once; more fail with machine.busy. */
  readonly maxStreamsPerMachine: number
  /** What `create`, `start` and `createSnapshot` go through, in this order. */
  readonly stages: readonly StageDefinition[]
  /** Operations without a capability are never called. */
  readonly capabilities: MachineCapabilities
  /** Files that make creating faster, if this driver keeps any on the host. */
  readonly templates?: TemplateCache
  /** Probes version, acceleration and problems of this host. Never throws for an unusable host: it has a `problem`. */
  describe(): Promise<HypervisorFacts>
  /** The image catalog and all snapshots. Never throws: an unusable image has a `problem`. */
  listImages(): Promise<ImageFacts[]>
  /**
   * Creates a machine and starts it; resolves when the guest responds. Returns a running machine unchanged and replaces an
   * incomplete one. `destroy` aborts it.
   * @throws {PermanentError} machine.image_unknown, machine.image_broken, machine.too_small, machine.no_room,
   * machine.network_unavailable
   * @throws {RetryLater} while too many tasks wait for the image build
   * @throws {AppError} machine.silent when the guest does not respond in time, machine.panicked, machine.removed
   */
  create(spec: MachineSpec, options: { signal: AbortSignal; onStage?: OnStage }): Promise<MachineObservation>
  /**
   * Boots a stopped machine from its disk; resolves when the guest responds. Returns a running machine unchanged.
   * @throws {PermanentError} machine.no_room
   * @throws {AppError} machine.not_found, machine.silent, machine.panicked, machine.removed
   */
  start(id: string, options: { signal: AbortSignal; onStage?: OnStage }): Promise<MachineObservation>
  /**
   * Restarts the guest of a running machine in place, and boots a stopped one. Drivers without it stop and start the machine.
   * @throws {AppError} as `start`
   */
  reboot?(id: string, options: { signal: AbortSignal; onStage?: OnStage }): Promise<MachineObservation>
  /**
   * Requests a guest shutdown and powers off after `graceMs` (milliseconds; 0 powers off at once). Does nothing if stopped.
   */
  stop(id: string, options: { graceMs: number; signal: AbortSignal }): Promise<void>
  /** Removes the machine with all its processes and files, from any state. Aborts its other operations. */
  destroy(id: string): Promise<void>
  /**
   * The actual states of all machines of the owner by their ids, never cached. An absent machine has an entry only while
   * files or processes of it are left.
   */
  observeAll(): Promise<Map<string, MachineObservation>>
  /**
   * Repairs what `observeAll` reports about a running machine without restarting the guest. Does nothing if healthy or absent.
   * @throws {AppError} with the reason for users when it cannot be repaired
   */
  repair(id: string): Promise<void>
  /**
   * Changes CPUs, memory and disk of a stopped machine from its next start on.
   * @throws {PermanentError} machine.disk_shrinks
   * @throws {AppError} machine.not_found, machine.not_stopped
   */
  resize(id: string, size: MachineSize): Promise<void>
  /**
   * Stores a copy of the disk, consistent also while running, as the image `name`. Does nothing if that exists.
   * @returns the minimum size to run it
   * @throws {PermanentError} machine.no_room
   * @throws {AppError} machine.not_found, machine.not_copied
   */
  createSnapshot(
    id: string,
    options: { name: string; signal: AbortSignal; onStage?: OnStage },
  ): Promise<MachineSize>
  /** Removes a snapshot from the catalog. Machines created from it keep running. Does nothing if it is absent. */
  removeSnapshot(name: string): Promise<void>
  /** Opens a viewer of the console. Any number may be open at once. @throws {AppError} machine.not_running */
  openConsole(id: string): Promise<MachineConsole>
  /** Recorded console output with times, oldest first: the newest that the driver keeps. */
  readConsoleRecording(id: string): Promise<ConsoleChunk[]>
  /**
   * Runs a script in the guest; resolves when it ends. An abort, or `timeoutMs` (milliseconds), kills it in the guest. Not
   * idempotent: each call runs the script.
   * @throws {AppError} machine.not_running, machine.busy, machine.script_timeout; machine.silent when the machine stops
   */
  execute(id: string, options: ScriptWait & { script: string }): Promise<{ exitCode: number }>
  /**
   * Waits until the `bootScript` of the machine has ended, as far as its console shows it: `endToken` is that of its
   * specification. Idempotent. With the capability `bootScript`.
   * @throws {AppError} machine.not_running, machine.script_timeout after `timeoutMs` (milliseconds)
   */
  waitForBootScript?(
    id: string,
    options: ScriptWait & Pick<BootScript, 'endToken'>,
  ): Promise<{ exitCode: number }>
  /** Current resource usage. Counters restart at zero with each start. @throws {AppError} machine.not_running */
  readUsage(id: string): Promise<MachineUsage>
  /**
   * Connects to a TCP port inside the guest. The stream fails with ECONNREFUSED if no program listens on it.
   * @throws {AppError} machine.not_running, machine.busy, machine.silent
   */
  connect(id: string, guestPort: number): Promise<Duplex>
  /** Releases all resources of this process; running machines keep running. */
  close(): Promise<void>
}

export interface ScriptWait {
  timeoutMs: number
  signal: AbortSignal
  onOutput(bytes: Buffer): void
}

/** Prepared images, and booted and saved machines, from which new ones of the same image and size start quickly. */
export interface TemplateCache {
  /**
   * Builds or fetches the image and, if the driver saves machines, boots it once and saves its state. Returns at once if that
   * exists. Concurrent calls share the work; an abort stops it once all callers have aborted.
   * @throws {PermanentError} machine.image_unknown, machine.image_broken, machine.no_room
   * @throws {RetryLater} while too many tasks wait for the image build
   */
  prepare(options: {
    image: string
    size: MachineSize
    signal: AbortSignal
    onStage?: OnStage
  }): Promise<void>
  /** Names of image files that no new machine can use and no machine or snapshot is based on. */
  listGarbage(): Promise<string[]>
  /** Removes a name that `listGarbage` returned, unless it is in use again. */
  removeGarbage(name: string): Promise<void>
}

export interface BootScript {
  script: string
  /** Printed when the script ends and not before, so that what is typed on the console cannot look like its end. */
  endToken: string
}

export interface MachineSize {
  cpus: number
  memoryMiB: number
  diskMiB: number
}

export interface MachineSpec {
  /** UUID. */
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
  /**
   * Script that runs at the first start; with the capability `bootScript`. It may wait for cloud-init, and so runs beside it if
   * there is a `cloudConfig`.
   */
  bootScript?: BootScript
  /** Configuration for cloud-init (`#cloud-config`), if the image has it; with the capability `cloudConfig`. */
  cloudConfig?: string
}

export interface StageDefinition {
  name: string
  label(): string
  /** Overall progress (0–1) at its start. */
  startsAt: number
  /** It prepares an image for all machines, so that its time is not expected of the next one. */
  isShared?: boolean
}
/**
 * Called with the name of a stage at its start and with progress: `progress` is 0–1 within the stage, `step` the current
 * step in words.
 */
export type OnStage = (stage: string, progress?: number, step?: string) => void

export interface MachineObservation {
  /** `changing` while the driver or what it drives moves it between the other states: observe it again later. */
  state: 'running' | 'stopped' | 'changing' | 'absent'
  /** When the guest was started, if it is running. */
  startedAt?: Date
  /** Why it stopped unexpectedly (killed, kernel panic); for a running machine, how it is impaired. */
  reason?: string
}

export interface HypervisorFacts {
  version: string
  /** Equal for all hosts that drive the same machines, such as those of one cluster; null where no other host can. */
  fleet: string | null
  /** What machines can be here; empty while unknown. */
  kinds: MachineKind[]
  /** True when machines run at nearly native speed. */
  isAccelerated: boolean
  /** One sentence for users: consequences for speed and isolation. */
  note: string
  /** Null when usable; otherwise one sentence for administrators: the cause and the fix. */
  problem: string | null
  /** What machines are here in place of exact sizes, the cheapest first; without it, sizes are exact. */
  offers?: MachineOffer[]
  /** Null when outbound network works; otherwise the cause as one sentence. */
  outboundProblem: string | null
}

export interface ImageFacts {
  name: string
  /** Other names of the same image, under which machines may be requested too. Default: none. */
  aliases?: string[]
  label: string
  /** One sentence about its contents. */
  description: string
  /** What machines created from it are. */
  kind: MachineKind
  /** The minimum size to run it. */
  minimum: MachineSize
  /** Null when usable; otherwise the cause. */
  problem: string | null
}

/** A viewer of a console. */
export interface MachineConsole {
  /** Sets the listener for new output. */
  onData(listener: (bytes: Buffer) => void): void
  /** Adds a listener for the stop of the machine; called at once if it has stopped. */
  onEnd(listener: () => void): void
  /** Sends input; drops it while the guest has more than 1 MiB unread. */
  write(bytes: Buffer): void
  /** Sets the window size that programs in the guest see. */
  resize(size: { columns: number; rows: number }): void
  /** Removes the listeners. Idempotent. */
  close(): void
}

export interface ConsoleChunk {
  at: Date
  bytes: Buffer
}

/** Memory and disk space in use now, and counters since the start of the machine. */
export interface MachineUsage {
  /** CPU time of all CPUs together. */
  cpuSeconds: number
  /** Of the host, which for a virtual machine includes what its emulator needs. */
  memoryBytes: number
  diskBytes: number
  diskReadBytes: number
  diskWrittenBytes: number
  networkReceivedBytes: number
  networkSentBytes: number
}
