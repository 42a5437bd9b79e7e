// Over 200 lines because it implements every operation of a hypervisor; each delegates to a module of this folder.
import { errorMessage } from '@/lib/errors'
import type { MachineKind } from '@/lib/machines/capabilities'
import type {
  Hypervisor,
  HypervisorFacts,
  MachineSize,
  MachineSpec,
  OnStage,
  StageDefinition,
  TemplateCache,
} from '@/worker/machines/hypervisor'
import { machineNotStopped, machineRemoved, machineSilent } from '../machine-errors'
import { MachineLock } from '../machine-lock'
import { Cluster, type ServerInfo } from './cluster'
import { ConsoleRelay } from './console-relay'
import { dial } from './dial'
import { requireMinimum } from './images/cluster-images'
import { ImageStore } from './images/image-store'
import type { IncusSettings } from './incus-settings'
import { Instances, isReady, isRunning, isStopped, readDiskMiB, toObservation } from './instances'
import { findNetworkProblem } from './networks'
import type { OnProgress } from './operation-events'
import { identityScript, runWhenReady } from './personalize'
import { runScript } from './run-script'
import { createSnapshot, removeSnapshot } from './snapshots'
import { readUsage } from './usage'
import * as messages from '@/lib/generated/messages/machine-progress'
import * as hostMessages from '@/lib/generated/messages/machine-host-texts'

const STAGES: StageDefinition[] = [
  { name: 'image', label: messages.preparingImage, startsAt: 0, isShared: true },
  { name: 'create', label: messages.creatingInstance, startsAt: 0.1 },
  { name: 'boot', label: messages.booting, startsAt: 0.6 },
  { name: 'answer', label: messages.waitingForGuest, startsAt: 0.85 },
]
/** Of a script that something else in the guest has killed. */
const KILLED_EXIT_CODE = 137

interface OperationOptions {
  signal: AbortSignal
  onStage?: OnStage
}

interface BootOptions extends OperationOptions {
  isUp: boolean
  script: string
}

/**
 * Runs machines as instances of an Incus cluster, or of LXD, whose API it shares: virtual machines or system containers,
 * depending on the image. They outlive this app, and are found again by their mark.
 */
export class IncusHypervisor implements Hypervisor {
  readonly name = 'incus'
  readonly maxStreamsPerMachine = 8
  readonly stages = STAGES
  readonly capabilities = {
    console: true,
    consoleInput: true,
    execute: true,
    bootScript: false,
    cloudConfig: true,
    ports: true,
    snapshots: true,
    resize: true,
    usage: true,
    survivesApp: true,
  }
  private readonly cluster: Cluster
  private readonly instances: Instances
  private readonly images: ImageStore
  private readonly lock = new MachineLock(machineRemoved)
  /** No saved machines, but the images that this worker adds to the project. */
  readonly templates: TemplateCache = {
    prepare: async ({ image, signal, onStage }) => {
      onStage?.('image')
      await this.images.require(image, { signal, onProgress: toStageProgress('image', onStage) })
    },
    listGarbage: () => this.images.listUnused().catch(() => []),
    removeGarbage: (fingerprint) => this.images.removeUnused(fingerprint),
  }
  private readonly consoles = new Map<string, Promise<ConsoleRelay>>()

  /** Connects on first use, so that an unreachable cluster is a problem of this host, not of the worker. */
  constructor(private readonly settings: IncusSettings) {
    this.cluster = new Cluster(settings)
    this.instances = new Instances(this.cluster, settings)
    this.images = new ImageStore(this.cluster, settings)
  }

  async describe(): Promise<HypervisorFacts> {
    try {
      const outboundProblem = await findNetworkProblem(this.cluster, this.settings.network).catch(
        errorMessage,
      )
      const { environment } = await this.cluster.request<ServerInfo>({ path: '/1.0' })
      const kinds: MachineKind[] = environment.driver.includes('qemu') ? ['vm', 'container'] : ['container']
      const note = describeIsolation(kinds)
      const version = `${environment.server} ${environment.server_version}`
      const fleet = `${environment.certificate_fingerprint}/${this.settings.project}`
      return { version, fleet, kinds, isAccelerated: true, note, problem: null, outboundProblem }
    } catch (error) {
      const problem = errorMessage(error)
      const unknown = { version: 'unknown', fleet: null, kinds: [] }
      return { ...unknown, isAccelerated: true, note: problem, problem, outboundProblem: problem }
    }
  }

  async listImages() {
    return this.images.list().catch(() => [])
  }

  create(spec: MachineSpec, { signal, onStage }: OperationOptions) {
    const { id } = spec
    return this.lock.run(id, signal, async (combined) => {
      onStage?.('image')
      await this.instances.waitUntilIdle(id, combined)
      const existing = await this.instances.findOrRefuse(id, combined)
      if (!existing) {
        requireMinimum(spec)
        const image = await this.images.require(spec.image, {
          signal: combined,
          onProgress: toStageProgress('image', onStage),
        })
        onStage?.('create')
        const onProgress = toStageProgress('create', onStage)
        await this.instances.create(spec, { image, signal: combined, onProgress })
      }
      const isUp = existing !== undefined && isRunning(existing)
      const isComplete = existing !== undefined && isReady(existing)
      if (!isUp || !isComplete)
        await this.boot(id, { isUp, script: identityScript(spec), signal: combined, onStage })
      if (!isComplete) await this.instances.markReady(id)
      return toObservation(await this.instances.require(id))
    })
  }

  start(id: string, { signal, onStage }: OperationOptions) {
    return this.lock.run(id, signal, async (combined) => {
      await this.instances.waitUntilIdle(id, combined)
      if (!isRunning(await this.instances.require(id)))
        await this.boot(id, { isUp: false, script: 'hostname -F /etc/hostname', signal: combined, onStage })
      return toObservation(await this.instances.require(id))
    })
  }

  /** Starts the instance unless it is up, and runs `script` in it. */
  private async boot(id: string, { isUp, script, signal, onStage }: BootOptions) {
    onStage?.('boot')
    if (!isUp) await this.instances.changeState(id, { action: 'start' }, signal)
    onStage?.('answer')
    // From the start, so that its recording is complete. A console that is busy stops no machine.
    void this.followConsole(id)
    const { cluster, settings } = this
    await runWhenReady({
      cluster,
      path: this.instances.path(id),
      script,
      timeoutMs: settings.answerMs,
      signal,
    })
  }

  stop(id: string, { graceMs, signal }: { graceMs: number; signal: AbortSignal }) {
    return this.lock.run(id, signal, async (combined) => {
      const timeout = Math.ceil(graceMs / 1000)
      const isUp = async () => {
        const instance = await this.instances.find(id)
        return instance !== undefined && isRunning(instance)
      }
      if (timeout > 0 && (await isUp()))
        await this.instances.changeState(id, { action: 'stop', timeout }, combined).catch(() => undefined)
      combined.throwIfAborted()
      if (await isUp()) await this.instances.changeState(id, { action: 'stop', force: true })
      await this.leaveConsole(id)
    })
  }

  async destroy(id: string) {
    await this.lock.abortAndRun(id, async () => {
      await this.instances.waitUntilIdle(id)
      const instance = await this.instances.find(id)
      if (!instance) return
      if (isRunning(instance)) await this.instances.changeState(id, { action: 'stop', force: true })
      await this.leaveConsole(id)
      await this.instances.remove(id)
    })
  }

  async observeAll() {
    const instances = [...(await this.instances.list())]
    return new Map(instances.map(([id, instance]) => [id, toObservation(instance)]))
  }

  async repair() {}

  async resize(id: string, size: MachineSize) {
    await this.lock.run(id, new AbortController().signal, async () => {
      const instance = await this.instances.require(id)
      if (!isStopped(instance)) throw machineNotStopped()
      await this.instances.resize(id, instance, size)
    })
  }

  createSnapshot(id: string, { name, signal }: { name: string; signal: AbortSignal }) {
    return this.lock.run(id, signal, async (combined) => {
      await this.instances.waitUntilIdle(id, combined)
      const instance = await this.instances.require(id)
      return createSnapshot(this.cluster, {
        path: this.instances.path(id),
        instance: instance.name,
        name,
        installationId: this.settings.installationId,
        diskMiB: readDiskMiB(instance),
        signal: combined,
      })
    })
  }

  async removeSnapshot(name: string) {
    await removeSnapshot(this.cluster, name, this.settings.installationId)
  }

  async openConsole(id: string) {
    await this.instances.requireRunning(id)
    return (await this.followConsole(id)).attachViewer()
  }

  async readConsoleRecording(id: string) {
    return (await this.consoles.get(id))?.recording ?? []
  }

  async execute(id: string, options: Parameters<Hypervisor['execute']>[1]) {
    await this.instances.requireRunning(id)
    const isGone = async () => {
      const instance = await this.instances.find(id)
      return instance === undefined || !isRunning(instance)
    }
    const { exitCode } = await runScript(this.cluster, this.instances.path(id), options).catch(
      async (error: unknown) => {
        throw options.signal.aborted || !(await isGone()) ? error : machineSilent(error)
      },
    )
    if (exitCode === undefined && (await isGone())) throw machineSilent()
    return { exitCode: exitCode ?? KILLED_EXIT_CODE }
  }

  async readUsage(id: string) {
    await this.instances.requireRunning(id)
    return readUsage(this.cluster, this.instances.path(id))
  }

  async connect(id: string, guestPort: number) {
    await this.instances.requireRunning(id)
    return dial(this.cluster, this.instances.path(id), guestPort)
  }

  async close() {
    await Promise.all(
      [...this.consoles.values()].map((console) => console.then((one) => one.close()).catch(() => undefined)),
    )
    await this.cluster.close()
  }

  private followConsole(id: string) {
    const existing = this.consoles.get(id)
    if (existing) return existing
    const forget = () => {
      if (this.consoles.get(id) === relay) this.consoles.delete(id)
    }
    const relay = ConsoleRelay.open({ cluster: this.cluster, path: this.instances.path(id), onEnd: forget })
    relay.catch(forget)
    this.consoles.set(id, relay)
    return relay
  }

  private async leaveConsole(id: string) {
    await this.consoles
      .get(id)
      ?.then((console) => console.endWithInstance())
      .catch(() => undefined)
  }
}

/** Each step of the cluster begins at 0. */
function toStageProgress(stage: string, onStage?: OnStage): OnProgress {
  let reached = 0
  return (fraction = 0, step) => onStage?.(stage, (reached = Math.max(reached, fraction)), step)
}

const describeIsolation = (kinds: MachineKind[]) =>
  kinds.includes('vm') ? hostMessages.noteVirtualMachines() : hostMessages.noteContainers()
