import {
  type EC2Client,
  type Instance,
  RunInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2'
import { Batcher } from '@/lib/concurrency/batcher'
import { waitUntil } from '@/lib/concurrency/wait-until'
import { AppError } from '@/lib/errors'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { machineNotFound, machineNotRunning, machineOfOther, machineSilent } from '../machine-errors'
import { isLive, isRunning, listByIds, listByTags, tagOf } from './describe-instances'
import { isTokenUsed } from './ec2-errors'
import type { Ec2Settings } from './ec2-settings'
import type { InstanceTypes } from './instance-types'
import { toClientToken, toLaunchRequest } from './launch-request'
import { TAGS } from './tags'
import { VISIBILITY_MS } from './visibility'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

const MAX_LAUNCHES = 20
/** Of EC2, for the values of a filter. */
const MAX_FILTER_VALUES = 200

/** The instances of this installation. Those without its mark are neither returned nor changed. */
export class Ec2Instances {
  /** What this process has launched, by machine: EC2 may not list it yet. */
  private readonly launched = new Map<string, { instanceId: string; at: number }>()
  /** Machines that are waited for at the same time share requests. */
  private readonly finder = new Batcher(
    async (ids: readonly string[]) => {
      const marked = await listByTags(this.ec2, { [TAGS.machine]: [...ids] })
      const own = await this.addUnlisted(
        marked.filter((one) => this.isOwned(one)),
        ids,
      )
      const foreign = new Set(marked.filter((one) => !this.isOwned(one)).map(machineOf))
      return ids.map((id) => ({ own: own.get(id), isForeign: foreign.has(id) }))
    },
    { maxSize: MAX_FILTER_VALUES },
  )
  private readonly idFinder = new Batcher(
    async (instanceIds: readonly string[]) => {
      const instances = await listByIds(this.ec2, [...instanceIds])
      return instanceIds.map((id) => instances.get(id))
    },
    { maxSize: MAX_FILTER_VALUES },
  )

  constructor(
    private readonly ec2: EC2Client,
    private readonly types: InstanceTypes,
    private readonly settings: Ec2Settings,
  ) {}

  /** All live instances, by machine. */
  async list() {
    return this.addUnlisted(await listByTags(this.ec2, { [TAGS.owner]: [this.settings.installationId] }))
  }

  /** The live instance of a machine. */
  async find(id: string) {
    return (await this.finder.add(id)).own
  }

  /** @throws {PermanentError} machine.not_owned for an instance of this machine with the mark of another installation */
  async findOrRefuse(id: string) {
    const { own, isForeign } = await this.finder.add(id)
    if (isForeign && !own) throw machineOfOther()
    return own
  }

  private isOwned(instance: Instance) {
    return tagOf(instance, TAGS.owner) === this.settings.installationId
  }

  /** Adds what this process launched of the machines `ids`, by default of all. */
  private async addUnlisted(listed: Instance[], ids?: readonly string[]) {
    const instances = new Map(listed.map((instance) => [machineOf(instance), instance]))
    const unlisted = [...this.launched].filter(([id]) => !instances.has(id) && (ids?.includes(id) ?? true))
    const instanceIds = unlisted.map(([, { instanceId }]) => instanceId)
    const found = await listByIds(this.ec2, instanceIds)
    for (const [id, { instanceId, at }] of unlisted) {
      const instance = found.get(instanceId)
      if (instance && isLive(instance)) instances.set(id, instance)
      else if (instance || performance.now() - at > VISIBILITY_MS) this.launched.delete(id)
      else instances.set(id, { InstanceId: instanceId, State: { Name: 'pending' } })
    }
    return instances
  }

  async require(id: string) {
    const instance = await this.find(id)
    if (!instance) throw machineNotFound()
    return instance
  }

  async requireRunning(id: string) {
    const instance = await this.find(id)
    if (!instance || !isRunning(instance)) throw machineNotRunning()
    return instance
  }

  /** To be called when the instance of a machine is terminated. */
  forget(id: string) {
    this.launched.delete(id)
  }

  /**
   * Launches the instance of a machine: one, however often this is repeated, because EC2 answers a known token with the
   * instance that it stands for. The token of a terminated instance is followed by the next.
   * @throws {PermanentError} machine.image_unknown, machine.image_broken, machine.no_offer, machine.no_room
   * @throws {RetryLater} while EC2 has no capacity
   */
  async launch(spec: MachineSpec) {
    const { ec2, types, settings } = this
    const request = await toLaunchRequest({ ec2, types, settings, spec })
    for (let launch = 0; launch < MAX_LAUNCHES; launch++) {
      const token = toClientToken(settings.installationId, spec.id, `${launch}`)
      if (await this.launchOnce(spec.id, { ...request, ClientToken: token })) return
    }
    throw launchedTooOften()
  }

  /** Launches an instance, or adopts the one of the token. Returns false if that is terminated. */
  private async launchOnce(id: string, request: RunInstancesCommandInput) {
    try {
      // Not aborted, so that what it launches is known.
      const { Instances: [instance] = [] } = await this.ec2.send(new RunInstancesCommand(request))
      const instanceId = instance!.InstanceId!
      this.launched.set(id, { instanceId, at: performance.now() })
      return isLive(await this.waitUntilListed(instanceId))
    } catch (error) {
      if (!isTokenUsed(error)) throw error
      // By an earlier attempt under another configuration.
      return this.waitUntilFound(id)
    }
  }

  private async waitUntilListed(instanceId: string) {
    let instance: Instance | undefined
    const isListed = async () => (instance = await this.idFinder.add(instanceId)) !== undefined
    if (!(await waitUntil(isListed, this.patience()))) throw notListed()
    return instance!
  }

  private waitUntilFound(id: string) {
    return waitUntil(async () => (await this.find(id)) !== undefined, this.patience())
  }

  private patience() {
    return { intervalMs: this.settings.pollMs, timeoutMs: VISIBILITY_MS }
  }
}

const machineOf = (instance: Instance) => tagOf(instance, TAGS.machine)!

const notListed = () => machineSilent(undefined, messages.notListed())

const launchedTooOften = () =>
  new AppError({ code: 'machine.cloud_refused', message: messages.launchedTooOften(), status: 502 })
