import { isNotFound } from './incus-errors'
import type { MachineObservation, MachineSize, MachineSpec } from '@/worker/machines/hypervisor'
import {
  diskCannotShrink,
  machineNotFound,
  machineNotRunning,
  machineOfOther,
  networkUnavailable,
} from '../machine-errors'
import { toCloudInitKeys } from './cloud-init'
import type { Cluster, Instance, Operation } from './cluster'
import type { ClusterImage } from './images/cluster-images'
import type { IncusSettings } from './incus-settings'
import type { OnProgress } from './operation-events'
import { findNetworkProblem, toNetworkCard } from './networks'

const RUNNING = 103
const STOPPED = 102
/** Keys of the mark in the configuration of an instance. */
const keys = {
  owner: 'user.meanwhile.owner',
  machine: 'user.meanwhile.machine',
  isReady: 'user.meanwhile.ready',
}

interface CreateOptions {
  image: Pick<ClusterImage, 'fingerprint' | 'type'>
  signal: AbortSignal
  onProgress?: OnProgress
}

type Devices = Record<string, Record<string, string>>

/** The instances of this installation. Those without its mark are neither returned nor changed. */
export class Instances {
  constructor(
    private readonly cluster: Cluster,
    private readonly settings: IncusSettings,
  ) {}

  path(id: string, rest = '') {
    return `/1.0/instances/${nameOf(id)}${rest}`
  }

  async list() {
    const all = await this.cluster.request<Instance[]>({ path: '/1.0/instances?recursion=1' })
    return new Map(all.filter((one) => this.isOwned(one)).map((one) => [one.config[keys.machine]!, one]))
  }

  /** @throws {PermanentError} machine.not_owned for an instance of this name with another mark */
  async findOrRefuse(id: string, signal?: AbortSignal) {
    const instance = await this.cluster.find<Instance>(this.path(id), signal)
    if (instance && !this.isOwned(instance)) throw machineOfOther()
    return instance
  }

  async find(id: string) {
    const instance = await this.cluster.find<Instance>(this.path(id))
    return instance && this.isOwned(instance) ? instance : undefined
  }

  async require(id: string) {
    const instance = await this.find(id)
    if (!instance) throw machineNotFound()
    return instance
  }

  async requireRunning(id: string) {
    const instance = await this.find(id)
    if (instance?.status_code !== RUNNING) throw machineNotRunning()
    return instance
  }

  /** Waits for what an earlier worker or the cluster itself is doing with the instance. */
  async waitUntilIdle(id: string, signal?: AbortSignal) {
    const path = '/1.0/operations?recursion=1'
    const groups = await this.cluster.request<Record<string, Operation[] | null>>({ path, signal })
    const busy = [...(groups['running'] ?? []), ...(groups['pending'] ?? [])].filter((operation) =>
      Object.values(operation.resources ?? {}).some((paths) => paths?.some((one) => isPathOf(one, id))),
    )
    for (const { id: operationId } of busy.filter(({ metadata }) => !metadata?.['fds']))
      await this.cluster
        .request({ path: `/1.0/operations/${operationId}/wait`, signal })
        .catch((error: unknown) => {
          if (!isNotFound(error)) throw error
        })
  }

  async create(spec: MachineSpec, { image, signal, onProgress }: CreateOptions) {
    const { profile, target } = this.settings
    const devices = await this.toDevices(spec)
    const body = {
      name: nameOf(spec.id),
      type: image.type,
      source: { type: 'image', fingerprint: image.fingerprint },
      profiles: [profile],
      config: {
        ...toLimits(spec.size),
        ...toCloudInitKeys(spec),
        // Only this app starts and stops it.
        'boot.autostart': 'false',
        [keys.owner]: this.settings.installationId,
        [keys.machine]: spec.id,
      },
      devices,
    }
    const path = target ? `/1.0/instances?target=${encodeURIComponent(target)}` : '/1.0/instances'
    await this.cluster.runOperation({ method: 'POST', path, body, signal, onProgress })
  }

  /** The root disk in the size of the machine, and a network card only with outbound network. */
  private async toDevices({ size, network }: MachineSpec): Promise<Devices> {
    const { profile, pool } = this.settings
    const path = `/1.0/profiles/${encodeURIComponent(profile)}`
    const { devices } = await this.cluster.request<{ devices: Devices }>({ path })
    const cards = Object.keys(devices).filter((name) => devices[name]!['type'] === 'nic')
    const [rootName, root] = Object.entries(devices).find(([, { path: at }]) => at === '/') ?? ['root', {}]
    const disk = { ...root, type: 'disk', path: '/', size: toDiskSize(size), ...(pool ? { pool } : {}) }
    const masks = Object.fromEntries(cards.map((name) => [name, { type: 'none' }]))
    const card: Devices = network === 'outbound' ? { eth0: await this.requireNetworkCard() } : {}
    return { [rootName]: disk, ...masks, ...card }
  }

  /** @throws {PermanentError} machine.network_unavailable */
  private async requireNetworkCard() {
    const { network } = this.settings
    const problem = await findNetworkProblem(this.cluster, network)
    if (problem) throw networkUnavailable(problem)
    return toNetworkCard(this.cluster, network!)
  }

  /** Marks that the guest has its identity: without it, `create` continues what an earlier attempt began. */
  async markReady(id: string) {
    const body = { config: { [keys.isReady]: 'true' } }
    await this.cluster.request({ method: 'PATCH', path: this.path(id), body })
  }

  /** @throws {PermanentError} machine.disk_shrinks */
  async resize(id: string, { devices }: Instance, size: MachineSize) {
    const [name, root] = rootOf(devices)
    const oldMiB = readDiskMiB({ devices })
    if (size.diskMiB < oldMiB) throw diskCannotShrink(oldMiB, size.diskMiB)
    const disk = { ...root, size: toDiskSize(size) }
    const body = { config: toLimits(size), devices: { ...devices, [name]: disk } }
    await this.cluster.request({ method: 'PATCH', path: this.path(id), body })
  }

  async changeState(
    id: string,
    body: { action: 'start' | 'stop'; force?: boolean; timeout?: number },
    signal?: AbortSignal,
  ) {
    await this.cluster.runOperation({ method: 'PUT', path: this.path(id, '/state'), body, signal })
  }

  /** Does nothing if it is absent. */
  async remove(id: string) {
    await this.cluster.runOperation({ method: 'DELETE', path: this.path(id) }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error
    })
  }

  private isOwned({ config, name }: Instance) {
    const id = config[keys.machine]
    return config[keys.owner] === this.settings.installationId && id !== undefined && name === nameOf(id)
  }
}

/** Names have to begin with a letter, which an id may not. */
const nameOf = (id: string) => `m-${id}`

const isPathOf = (path: string, id: string) => path.split('?')[0]!.endsWith(`/${nameOf(id)}`)

const toDiskSize = ({ diskMiB }: MachineSize) => `${diskMiB}MiB`

const toLimits = ({ cpus, memoryMiB }: MachineSize) => ({
  'limits.cpu': `${cpus}`,
  'limits.memory': `${memoryMiB}MiB`,
})

const rootOf = (devices: Devices) => Object.entries(devices).find(([, { path }]) => path === '/')!

export const readDiskMiB = ({ devices }: Pick<Instance, 'devices'>) =>
  Number.parseInt(rootOf(devices)[1]['size']!, 10)

export const isReady = ({ config }: Instance) => config[keys.isReady] === 'true'
export const isStopped = ({ status_code: code }: Instance) => code === STOPPED
export const isRunning = ({ status_code: code }: Instance) => code === RUNNING

export function toObservation(instance: Instance): MachineObservation {
  const { status_code: code, last_used_at: startedAt } = instance
  if (code === RUNNING) return { state: 'running', startedAt: new Date(startedAt) }
  return { state: code === STOPPED ? 'stopped' : 'changing' }
}
