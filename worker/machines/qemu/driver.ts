// Long, because it is the whole of one interface, a method each; what they do is in the files beside it.

import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/errors'
import { log } from '@/lib/log'
import { Catalogue } from '../images/catalogue'
import { removeTree } from '../images/debian/bootstrap'
import { BUILD_ONLY, type DebianSettings } from '../images/debian/settings'
import type { Hypervisor, MachineSize, MachineSpec, OnStage } from '../hypervisor'
import { keepOwnClosed } from '../network/keep-own-closed'
import { readRecording } from './console-follower'
import { createMachine } from './create-machine'
import { Followed } from './followed'
import { openGuestConnection } from './guest-connection'
import { findLeftovers } from './leftovers'
import { describeHost, findProblem } from './host-facts'
import { Host } from './host'
import { notRunning, removed } from './machine-errors'
import { MachineFolders } from './machine-folder'
import { observeMachine } from './observe'
import { Operations } from './operations'
import { killMachine, machinesBelow } from './processes'
import { repairMachine } from './repair-machine'
import { resizeMachine } from './resize-machine'
import { runScript } from './run-script'
import { snapshotMachine } from './snapshot-machine'
import { startMachine } from './start-machine'
import { stopMachine } from './stop-machine'
import { readUsage } from './usage'

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

interface On {
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
  private readonly catalogue: Catalogue
  private readonly host: Host
  private readonly followed: Followed
  private readonly operations = new Operations(removed)
  private endKeeping = async () => {}

  private constructor(private readonly options: QemuOptions) {
    const images = (this.imagesDir = path.join(options.dataDir, 'images'))
    this.folders = new MachineFolders(path.join(options.dataDir, 'machines'))
    this.catalogue = new Catalogue(images, options.debian ?? BUILD_ONLY)
    this.host = new Host({ ...options, images, catalogue: this.catalogue })
    this.followed = new Followed(this.folders)
  }

  /** Takes up all machines of this host that run, with their consoles. One that cannot be followed is logged. */
  static async open(options: QemuOptions) {
    const driver = new QemuHypervisor({ ...options, dataDir: path.resolve(options.dataDir) })
    await mkdir(driver.folders.root, { recursive: true, mode: 0o700 })
    for (const id of await driver.folders.list())
      await driver.takeUp(id).catch((error: unknown) => {
        log.warn({ err: error, machineId: id }, 'could not follow a machine')
      })
    driver.endKeeping = keepOwnClosed(driver.folders)
    return driver
  }

  private async takeUp(id: string) {
    if ((await this.observe(id)).state === 'running') await this.followed.follow(id)
  }

  async describe() {
    const { isConfined } = this.options
    const problem = await findProblem({ isConfined, folder: this.folders.root })
    const outboundProblem = problem ?? (await this.host.outboundProblem())
    const facts = { isConfined, problem, outboundProblem }
    const none = { version: 'unknown', isAccelerated: false }
    if (problem) return describeHost({ ...none, ...facts })
    try {
      const { engine } = await this.host.ready()
      const isAccelerated = engine.accelerator === 'kvm'
      return describeHost({ version: engine.qemuVersion, isAccelerated, ...facts })
    } catch (error) {
      // Its disk is full, or the packages of the first image cannot be fetched. The next look may find it better.
      if (!(error instanceof AppError)) throw error
      return describeHost({ ...none, ...facts, problem: error.message })
    }
  }

  async images() {
    return (await this.catalogue.list()).map(({ facts }) => facts)
  }

  async prepare({ image, size, signal, onStage }: { image: string; size: MachineSize } & On) {
    const { templates } = await this.host.ready()
    const built = await (await this.catalogue.find(image)).build({ signal, onStage })
    if (await templates.find(built, size)) return
    onStage?.('boot')
    await templates.make(built, size, signal)
  }

  create(spec: MachineSpec, { signal, onStage }: On) {
    return this.operations.run(spec.id, signal, async (given) => {
      const { folders, catalogue, followed } = this
      await createMachine({
        spec,
        signal: given,
        onStage,
        folders,
        catalogue,
        followed,
        host: this.host,
        ...(await this.host.ready()),
      })
      return observeMachine(folders, spec.id)
    })
  }

  start(id: string, { signal, onStage }: On) {
    return this.operations.run(id, signal, async (given) => {
      const { folders, followed } = this
      const { engine } = await this.host.ready()
      await startMachine({ id, folders, followed, engine, signal: given, onStage })
      return this.observe(id)
    })
  }

  stop(id: string, { graceMs, signal }: { graceMs: number; signal: AbortSignal }) {
    return this.operations.run(id, signal, async (given) => {
      const { folders, followed } = this
      if ((await this.observe(id)).state === 'running')
        await stopMachine({ id, graceMs, folders, followed, signal: given })
      followed.ended(id)
    })
  }

  async destroy(id: string) {
    await this.operations.end(id, async () => {
      this.followed.ended(id)
      await killMachine(id)
      await this.folders.remove(id)
      await this.catalogue.snapshots.sweep(await this.disksInUse())
    })
  }

  async observe(id: string) {
    const seen = await observeMachine(this.folders, id)
    if (seen.state !== 'running') this.followed.ended(id)
    return seen
  }

  repair(id: string) {
    return this.operations.run(id, new AbortController().signal, async () => {
      const { engine } = await this.host.ready()
      await repairMachine({ id, folders: this.folders, engine })
    })
  }

  async list() {
    return [...new Set([...(await this.folders.list()), ...(await machinesBelow(this.folders.root))])]
  }

  async resize(id: string, size: MachineSize) {
    await this.operations.run(id, new AbortController().signal, async () => {
      const seen = await this.observe(id)
      await resizeMachine({ id, size, folders: this.folders, isStopped: seen.state === 'stopped' })
    })
  }

  snapshot(id: string, { name, signal, onStage }: { name: string } & On) {
    return this.operations.run(id, signal, async (given) => {
      const { folders, followed, catalogue } = this
      const { isConfined } = this.options
      await snapshotMachine({ id, name, isConfined, folders, followed, catalogue, signal: given, onStage })
      return (await catalogue.find(name)).facts.minimum
    })
  }

  async removeSnapshot(name: string) {
    await this.catalogue.snapshots.remove(name)
    await this.catalogue.snapshots.sweep(await this.disksInUse())
  }

  async leftovers() {
    const { templates } = await this.host.ready()
    const { folders, catalogue } = this
    return findLeftovers({ root: this.imagesDir, folders, catalogue, templates })
  }

  async removeLeftover(name: string) {
    if ((await this.leftovers()).includes(name)) await removeTree(path.join(this.imagesDir, name))
  }

  async openConsole(id: string) {
    await this.mustRun(id)
    const follower = await this.followed.follow(id)
    const agent = this.followed.agent(id)
    return follower.view(({ rows, columns }) => {
      void agent.say(`size 0 ${rows} ${columns}`).catch(() => undefined)
    })
  }

  async consoleRecording(id: string) {
    return readRecording(this.folders.path(id))
  }

  async execute(id: string, given: Parameters<Hypervisor['execute']>[1]) {
    await this.mustRun(id)
    return runScript(this.followed.agent(id), given)
  }

  async usage(id: string) {
    await this.mustRun(id)
    return readUsage(this.folders.path(id), id)
  }

  async connect(id: string, guestPort: number) {
    await this.mustRun(id)
    return openGuestConnection(this.followed.agent(id), guestPort)
  }

  async close() {
    await this.endKeeping()
    this.followed.close()
  }

  private async mustRun(id: string) {
    if ((await this.observe(id)).state !== 'running') throw notRunning()
  }

  private async disksInUse() {
    const states = await Promise.all((await this.folders.list()).map((id) => this.folders.read(id)))
    return new Set(states.flatMap((state) => state?.backing ?? []))
  }
}
