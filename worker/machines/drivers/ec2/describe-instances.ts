import { type EC2Client, type Filter, type Instance, paginateDescribeInstances } from '@aws-sdk/client-ec2'
import type { MachineObservation } from '@/worker/machines/hypervisor'

const PAGE_SIZE = 1_000
/** Instances that are shutting down never return. */
const LIVE_STATES = ['pending', 'running', 'stopping', 'stopped']
const STOPPED_BY_USER = 'Client.UserInitiatedShutdown'

export const isLive = ({ State }: Instance) => LIVE_STATES.includes(State?.Name ?? '')
export const isRunning = ({ State }: Instance) => State?.Name === 'running'
export const isStopped = ({ State }: Instance) => State?.Name === 'stopped'

export const tagOf = ({ Tags = [] }: Instance, key: string) => Tags.find(({ Key }) => Key === key)?.Value

/** The live instances whose tags have one of these values each, in pages. */
export async function listByTags(ec2: EC2Client, tags: Record<string, string[]>) {
  const filters: Filter[] = Object.entries(tags).map(([key, values]) => ({
    Name: `tag:${key}`,
    Values: values,
  }))
  filters.push({ Name: 'instance-state-name', Values: LIVE_STATES })
  return listByFilters(ec2, filters)
}

/** Instances in any state; absent ones are left out. */
export async function listByIds(ec2: EC2Client, ids: string[]) {
  if (ids.length === 0) return new Map<string, Instance>()
  const found = await listByFilters(ec2, [{ Name: 'instance-id', Values: ids }])
  return new Map(found.map((instance) => [instance.InstanceId!, instance]))
}

async function listByFilters(client: EC2Client, filters: Filter[]) {
  const instances: Instance[] = []
  for await (const { Reservations = [] } of paginateDescribeInstances(
    { client, pageSize: PAGE_SIZE },
    { Filters: filters },
  ))
    instances.push(...Reservations.flatMap(({ Instances = [] }) => Instances))
  return instances
}

export function toObservation(instance: Instance): MachineObservation {
  const { LaunchTime: startedAt, StateReason } = instance
  if (isRunning(instance)) return { state: 'running', startedAt }
  if (!isStopped(instance)) return { state: 'changing' }
  const isExpected = !StateReason?.Message || StateReason.Code === STOPPED_BY_USER
  return isExpected ? { state: 'stopped' } : { state: 'stopped', reason: `EC2: ${StateReason.Message}.` }
}
