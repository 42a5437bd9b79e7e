// Over 200 lines because it implements every operation of a hypervisor; each delegates to a module below this folder.
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/errors'
import { log } from '@/lib/log'
import { ImageCatalog } from './images/image-catalog'
import { BUILD_ONLY, type DebianSettings } from './images/debian/debian-settings'
import type {
  Hypervisor,
  MachineObservation,
  MachineSize,
  MachineSpec,
  OnStage,
  TemplateCache,
} from '@/worker/machines/hypervisor'
import { startBlockingOwnAddresses } from './network/block-own-addresses'
import { readRecording } from './console/recording'
import { createQemuMachine } from './lifecycle/create-machine'
import { MachineConnections } from './state/machine-connections'
import { openGuestConnection } from './agent/guest-connection'
import { findGarbage } from './images/find-garbage'
import { describeQemuHost, findQemuProblem } from './host-facts'
import { QemuHost } from './qemu-host'
import { QEMU_STAGES } from './qemu-stages'
import { machineNotRunning, machineOfOther, machineRemoved } from '../machine-errors'
import { MachineFolders } from './state/machine-folders'
import { observeQemuMachine } from './lifecycle/observe-machine'
import { AGENT_CHANNEL_COUNT } from './lifecycle/qemu-args'
import { MachineLock } from '../machine-lock'
import { killMachine, listRunningMachineIds } from './state/processes'
import { repairQemuMachine } from './lifecycle/repair-machine'
import { resizeQemuMachine } from './lifecycle/resize-machine'
import { runScript } from './agent/run-script'
import { snapshotQemuMachine } from './lifecycle/snapshot-machine'
import { startQemuMachine } from './lifecycle/start-machine'
import { stopQemuMachine } from './lifecycle/stop-machine'
import { readQemuUsage } from './monitor/usage'
import { removeTree } from './images/namespace'

export interface QemuOptions {
  /** The owner of the machines: the host with this `dataDir`. */
  hostId: string
  /** Parent folder of `machines` and `images`. */
  dataDir: string
  /** False runs QEMU without its sandbox, for hosts where bubblewrap does not work. */
  isConfined: boolean
  /** Longest wait for the first response of a guest, in milliseconds. */
  answerMs: number
  /** CIDR ranges that outbound machines cannot reach, in addition to this host; private ranges by default. */
  blockedRanges?: string[]
  /** Source of the image `debian`; built on this host by default. */
  debian?: DebianSettings
}

interface OperationOptions {
  signal: AbortSignal
  onStage?: OnStage
}

/**
 * Runs machines in QEMU on this host. Their processes outlive this one and their state is stored in `dataDir/machines`, so a
 * new instance adopts all of them.
 */
export class QemuHypervisor implements Hypervisor {
  readonly name = 'qemu'
  readonly maxStreamsPerMachine = AGENT_CHANNEL_COUNT
  readonly stages = QEMU_STAGES
  readonly capabilities = {
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
  readonly templates: TemplateCache = {
    prepare: (options) => this.prepareTemplate(options),
    listGarbage: () => this.listGarbage(),
    removeGarbage: (name) => this.removeGarbage(name),
  }
  private readonly imagesDir: string
  private readonly folders: MachineFolders
  private readonly catalog: ImageCatalog
  private readonly host: QemuHost
  private readonly connections: MachineConnections
  private readonly lock = new MachineLock(machineRemoved)
  private stopBlockingAddresses = async () => {}

  private constructor(private readonly options: QemuOptions) {
    this.imagesDir = path.join(options.dataDir, 'images')
    this.folders = new MachineFolders(path.join(options.dataDir, 'machines'), options.hostId)
    this.catalog = new ImageCatalog(this.imagesDir, options.debian ?? BUILD_ONLY)
    this.host = new QemuHost({ ...options, imagesDir: this.imagesDir, catalog: this.catalog })
    this.connections = new MachineConnections(this.folders)
  }

  /** Follows the consoles of all running machines. A console that cannot be followed is logged and skipped. */
  static async open(options: QemuOptions) {
    const driver = new QemuHypervisor({ ...options, dataDir: path.resolve(options.dataDir) })
    await mkdir(driver.folders.root, { recursive: true, mode: 0o700 })
    for (const id of await driver.folders.list())
      await driver.reattach(id).catch((error: unknown) => {
        log.warn({ err: error, machineId: id }, 'could not follow console')
      })
    driver.stopBlockingAddresses = startBlockingOwnAddresses(driver.folders)
    return driver
  }

  private async reattach(id: string) {
    if ((await this.observe(id)).state === 'running') await this.connections.followConsole(id)
  }

  async describe() {
    const { isConfined } = this.options
    const problem = await findQemuProblem({ isConfined, folder: this.folders.root })
    const outboundProblem = problem ?? (await this.host.outboundProblem())
    const facts = { isConfined, problem, outboundProblem }
    const none = { version: 'unknown', isAccelerated: false }
    if (problem) return describeQemuHost({ ...none, ...facts })
    try {
      const { settings } = await this.host.getResources()
      const isAccelerated = settings.accelerator === 'kvm'
      return describeQemuHost({ version: settings.qemuVersion, isAccelerated, ...facts })
    } catch (error) {
      // Such as a full disk, or an unreachable mirror for the first image: a later call may succeed.
      if (!(error instanceof AppError)) throw error
      return describeQemuHost({ ...none, ...facts, problem: error.message })
    }
  }

  async listImages() {
    return (await this.catalog.list()).map(({ facts }) => ({ ...facts, kind: 'vm' as const }))
  }

  private async prepareTemplate({
    image,
    size,
    signal,
    onStage,
  }: { image: string; size: MachineSize } & OperationOptions) {
    const { templates } = await this.host.getResources()
    const built = await (await this.catalog.requireImage(image)).build({ signal, onStage })
    if (await templates.find(built, size)) return
    onStage?.('boot')
    await templates.build({ image: built, size, signal })
  }

  create(spec: MachineSpec, { signal, onStage }: OperationOptions) {
    return this.lock.run(spec.id, signal, async (combined) => {
      const { folders, catalog, connections } = this
      if (!(await folders.owns(spec.id))) throw machineOfOther()
      await createQemuMachine({
        spec,
        signal: combined,
        onStage,
        folders,
        catalog,
        connections,
        host: this.host,
        ...(await this.host.getResources()),
      })
      return observeQemuMachine(folders, spec.id)
    })
  }

  start(id: string, { signal, onStage }: OperationOptions) {
    return this.lock.run(id, signal, async (combined) => {
      const { folders, connections } = this
      const { settings } = await this.host.getResources()
      await startQemuMachine({ id, folders, connections, settings, signal: combined, onStage })
      return this.observe(id)
    })
  }

  stop(id: string, { graceMs, signal }: { graceMs: number; signal: AbortSignal }) {
    return this.lock.run(id, signal, async (combined) => {
      const { folders, connections } = this
      if ((await this.observe(id)).state === 'running')
        await stopQemuMachine({ id, graceMs, folders, connections, signal: combined })
      connections.disconnect(id)
    })
  }

  async destroy(id: string) {
    await this.lock.abortAndRun(id, async () => {
      if (!(await this.folders.owns(id))) return
      this.connections.disconnect(id)
      await killMachine(id)
      await this.folders.remove(id)
      await this.catalog.snapshots.sweep(await this.listDisksInUse())
    })
  }

  /** The actual state of one machine. */
  async observe(id: string) {
    const observation = await observeQemuMachine(this.folders, id)
    if (observation.state !== 'running') this.connections.disconnect(id)
    return observation
  }

  repair(id: string) {
    return this.lock.run(id, new AbortController().signal, async () => {
      const { settings } = await this.host.getResources()
      await repairQemuMachine({ id, folders: this.folders, settings })
    })
  }

  async observeAll() {
    const { folders } = this
    const ids = new Set(await folders.list())
    for (const id of await listRunningMachineIds(folders.root)) if (await folders.owns(id)) ids.add(id)
    const observations = new Map<string, MachineObservation>()
    for (const id of ids) observations.set(id, await this.observe(id))
    return observations
  }

  async resize(id: string, size: MachineSize) {
    await this.lock.run(id, new AbortController().signal, async () => {
      const { state } = await this.observe(id)
      await resizeQemuMachine({ id, size, folders: this.folders, isStopped: state === 'stopped' })
    })
  }

  createSnapshot(id: string, { name, signal, onStage }: { name: string } & OperationOptions) {
    return this.lock.run(id, signal, async (combined) => {
      const { folders, connections, catalog } = this
      const { isConfined } = this.options
      await snapshotQemuMachine({
        id,
        name,
        isConfined,
        folders,
        connections,
        catalog,
        signal: combined,
        onStage,
      })
      return (await catalog.requireImage(name)).facts.minimum
    })
  }

  async removeSnapshot(name: string) {
    await this.catalog.snapshots.remove(name)
    await this.catalog.snapshots.sweep(await this.listDisksInUse())
  }

  private async listGarbage() {
    const { templates } = await this.host.getResources()
    const { folders, catalog } = this
    return findGarbage({ root: this.imagesDir, folders, catalog, templates })
  }

  private async removeGarbage(name: string) {
    if ((await this.listGarbage()).includes(name)) await removeTree(path.join(this.imagesDir, name))
  }

  async openConsole(id: string) {
    await this.requireRunning(id)
    const follower = await this.connections.followConsole(id)
    const agent = this.connections.getAgent(id)
    return follower.attachViewer(({ rows, columns }) => {
      void agent.send(`size 0 ${rows} ${columns}`).catch(() => undefined)
    })
  }

  async readConsoleRecording(id: string) {
    return readRecording(this.folders.path(id))
  }

  async execute(id: string, options: Parameters<Hypervisor['execute']>[1]) {
    await this.requireRunning(id)
    return runScript(this.connections.getAgent(id), options)
  }

  async readUsage(id: string) {
    await this.requireRunning(id)
    return readQemuUsage(this.folders.path(id), id)
  }

  async connect(id: string, guestPort: number) {
    await this.requireRunning(id)
    return openGuestConnection(this.connections.getAgent(id), guestPort)
  }

  async close() {
    await this.stopBlockingAddresses()
    this.connections.closeAll()
  }

  private async requireRunning(id: string) {
    if ((await this.observe(id)).state !== 'running') throw machineNotRunning()
  }

  private async listDisksInUse() {
    const records = await Promise.all((await this.folders.list()).map((id) => this.folders.read(id)))
    return new Set(records.flatMap((record) => record?.backing ?? []))
  }
}
