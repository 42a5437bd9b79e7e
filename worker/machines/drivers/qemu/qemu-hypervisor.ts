// Long, because it is the whole of one interface, a method each; what they do is in the files beside it.

import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/errors'
import { log } from '@/lib/log'
import { ImageCatalog } from './images/image-catalog'
import { removeTree } from './images/debian/bootstrap'
import { BUILD_ONLY, type DebianSettings } from './images/debian/debian-settings'
import type { Hypervisor, MachineSize, MachineSpec, OnStage } from '@/worker/machines/hypervisor'
import { startBlockingOwnAddresses } from './network/block-own-addresses'
import { readRecording } from './console/console-follower'
import { createQemuMachine } from './lifecycle/create-machine'
import { MachineConnections } from './state/machine-connections'
import { openGuestConnection } from './agent/guest-connection'
import { findGarbage } from './images/garbage'
import { describeQemuHost, findQemuProblem } from './host-facts'
import { QemuHost } from './qemu-host'
import { machineNotRunning, machineRemoved } from '../machine-errors'
import { MachineFolders } from './state/machine-folders'
import { observeQemuMachine } from './lifecycle/observe-machine'
import { MachineLock } from '../machine-lock'
import { killMachine, listRunningMachineIds } from './state/processes'
import { repairQemuMachine } from './lifecycle/repair-machine'
import { resizeQemuMachine } from './lifecycle/resize-machine'
import { runScript } from './agent/run-script'
import { snapshotQemuMachine } from './lifecycle/snapshot-machine'
import { startQemuMachine } from './lifecycle/start-machine'
import { stopQemuMachine } from './lifecycle/stop-machine'
import { readQemuUsage } from './monitor/usage'

export interface QemuOptions {
  /** Holds `machines` and `images`. */
  dataDir: string
  /** False gives up the sandbox around QEMU, where bubblewrap cannot work. */
  isConfined: boolean
  /** Longest a guest may take until it answers, in milliseconds. */
  answerMs: number
  /** Ranges that machines with a way out do not reach, besides this computer; private ones if it is not said. */
  closedRanges?: string[]
  /** Where the image `debian` comes from; built here if it is not said. */
  debian?: DebianSettings
}

interface OperationOptions {
  signal: AbortSignal
  onStage?: OnStage
}

// Longer than others, because the interface has many methods: each is a few lines, and what it does lies in a file of its own.

/**
 * Machines in QEMU on this host. They are processes of their own and outlive this one; what is known of
 * them is in their folders below `dataDir/machines`, so a new driver finds them all again. What is done here is done in the
 * files beside; this one is as long as the interface has methods.
 */
export class QemuHypervisor implements Hypervisor {
  readonly name = 'qemu'
  private readonly imagesDir: string
  private readonly folders: MachineFolders
  private readonly catalog: ImageCatalog
  private readonly host: QemuHost
  private readonly connections: MachineConnections
  private readonly lock = new MachineLock(machineRemoved)
  private stopBlockingAddresses = async () => {}

  private constructor(private readonly options: QemuOptions) {
    const images = (this.imagesDir = path.join(options.dataDir, 'images'))
    this.folders = new MachineFolders(path.join(options.dataDir, 'machines'))
    this.catalog = new ImageCatalog(images, options.debian ?? BUILD_ONLY)
    this.host = new QemuHost({ ...options, images, catalogue: this.catalog })
    this.connections = new MachineConnections(this.folders)
  }

  /** Takes up all machines of this host that run, with their consoles. One that cannot be followed is logged. */
  static async open(options: QemuOptions) {
    const driver = new QemuHypervisor({ ...options, dataDir: path.resolve(options.dataDir) })
    await mkdir(driver.folders.root, { recursive: true, mode: 0o700 })
    for (const id of await driver.folders.list())
      await driver.reattach(id).catch((error: unknown) => {
        log.warn({ err: error, machineId: id }, 'could not follow a machine')
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
      const { engine } = await this.host.getResources()
      const isAccelerated = engine.accelerator === 'kvm'
      return describeQemuHost({ version: engine.qemuVersion, isAccelerated, ...facts })
    } catch (error) {
      // Its disk is full, or the packages of the first image cannot be fetched. The next look may find it better.
      if (!(error instanceof AppError)) throw error
      return describeQemuHost({ ...none, ...facts, problem: error.message })
    }
  }

  async listImages() {
    return (await this.catalog.list()).map(({ facts }) => facts)
  }

  async prepareTemplate({
    image,
    size,
    signal,
    onStage,
  }: { image: string; size: MachineSize } & OperationOptions) {
    const { templates } = await this.host.getResources()
    const built = await (await this.catalog.requireImage(image)).build({ signal, onStage })
    if (await templates.find(built, size)) return
    onStage?.('boot')
    await templates.build(built, size, signal)
  }

  create(spec: MachineSpec, { signal, onStage }: OperationOptions) {
    return this.lock.run(spec.id, signal, async (given) => {
      const { folders, catalog: catalogue, connections: followed } = this
      await createQemuMachine({
        spec,
        signal: given,
        onStage,
        folders,
        catalogue,
        followed,
        host: this.host,
        ...(await this.host.getResources()),
      })
      return observeQemuMachine(folders, spec.id)
    })
  }

  start(id: string, { signal, onStage }: OperationOptions) {
    return this.lock.run(id, signal, async (given) => {
      const { folders, connections: followed } = this
      const { engine } = await this.host.getResources()
      await startQemuMachine({ id, folders, followed, engine, signal: given, onStage })
      return this.observe(id)
    })
  }

  stop(id: string, { graceMs, signal }: { graceMs: number; signal: AbortSignal }) {
    return this.lock.run(id, signal, async (given) => {
      const { folders, connections: followed } = this
      if ((await this.observe(id)).state === 'running')
        await stopQemuMachine({ id, graceMs, folders, followed, signal: given })
      followed.disconnect(id)
    })
  }

  async destroy(id: string) {
    await this.lock.abortAndRun(id, async () => {
      this.connections.disconnect(id)
      await killMachine(id)
      await this.folders.remove(id)
      await this.catalog.snapshots.sweep(await this.listDisksInUse())
    })
  }

  async observe(id: string) {
    const seen = await observeQemuMachine(this.folders, id)
    if (seen.state !== 'running') this.connections.disconnect(id)
    return seen
  }

  repair(id: string) {
    return this.lock.run(id, new AbortController().signal, async () => {
      const { engine } = await this.host.getResources()
      await repairQemuMachine({ id, folders: this.folders, engine })
    })
  }

  async list() {
    return [...new Set([...(await this.folders.list()), ...(await listRunningMachineIds(this.folders.root))])]
  }

  async resize(id: string, size: MachineSize) {
    await this.lock.run(id, new AbortController().signal, async () => {
      const seen = await this.observe(id)
      await resizeQemuMachine({ id, size, folders: this.folders, isStopped: seen.state === 'stopped' })
    })
  }

  createSnapshot(id: string, { name, signal, onStage }: { name: string } & OperationOptions) {
    return this.lock.run(id, signal, async (given) => {
      const { folders, connections: followed, catalog: catalogue } = this
      const { isConfined } = this.options
      await snapshotQemuMachine({
        id,
        name,
        isConfined,
        folders,
        followed,
        catalogue,
        signal: given,
        onStage,
      })
      return (await catalogue.requireImage(name)).facts.minimum
    })
  }

  async removeSnapshot(name: string) {
    await this.catalog.snapshots.remove(name)
    await this.catalog.snapshots.sweep(await this.listDisksInUse())
  }

  async listGarbage() {
    const { templates } = await this.host.getResources()
    const { folders, catalog: catalogue } = this
    return findGarbage({ root: this.imagesDir, folders, catalogue, templates })
  }

  async removeGarbage(name: string) {
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

  async execute(id: string, given: Parameters<Hypervisor['execute']>[1]) {
    await this.requireRunning(id)
    return runScript(this.connections.getAgent(id), given)
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
    const states = await Promise.all((await this.folders.list()).map((id) => this.folders.read(id)))
    return new Set(states.flatMap((state) => state?.backing ?? []))
  }
}
