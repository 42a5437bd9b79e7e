import { lockUser } from '../accounts/lock-user'
import type { Db, Tx } from '../database/db'
import { AppError } from '../errors'
import { whereUnfinished } from '../tasks/queries'
import { readLimits } from '../users/limits'
import { resizeMachineTask } from './tasks'
import type { MachineSizeDto } from './size-schema'
import { formatMebibytes } from './sizes'

/**
 * Reads a user's quota and usage: machines, including pending resizes, and the disk of snapshots. Memory and disk in
 * MiB.
 */
export async function readMachineUsage(tx: Tx | Db, ownerId: string) {
  const [machines, snapshots, growth, limits] = await Promise.all([
    tx.machine.aggregate({
      where: { ownerId, state: { not: 'terminated' } },
      _count: true,
      _sum: { cpus: true, memoryMiB: true, diskMiB: true },
    }),
    tx.machineSnapshot.aggregate({
      where: { ownerId, state: { notIn: ['failed', 'canceled'] } },
      _sum: { diskMiB: true },
    }),
    readPendingGrowth(tx, ownerId),
    readLimits(tx, ownerId),
  ])
  const diskMiB = (machines._sum.diskMiB ?? 0) + (snapshots._sum.diskMiB ?? 0)
  return {
    machines: { used: machines._count, limit: limits.machines },
    cpus: { used: (machines._sum.cpus ?? 0) + growth.cpus, limit: limits.cpus },
    memoryMiB: {
      used: (machines._sum.memoryMiB ?? 0) + growth.memoryMiB,
      limit: limits.memoryMiB,
    },
    diskMiB: { used: diskMiB + growth.diskMiB, limit: limits.diskMiB },
  }
}

/** Sums the growth by unfinished resizes. */
async function readPendingGrowth(tx: Tx | Db, ownerId: string) {
  const tasks = await tx.task.findMany({
    where: { ownerId, kind: resizeMachineTask.name, ...whereUnfinished },
    select: { payload: true, machine: true },
  })
  const growth = { cpus: 0, memoryMiB: 0, diskMiB: 0 }
  for (const { payload, machine } of tasks) {
    const { size } = resizeMachineTask.payload.parse(payload)
    for (const resource of ['cpus', 'memoryMiB', 'diskMiB'] as const)
      growth[resource] += Math.max(0, size[resource] - (machine?.[resource] ?? 0))
  }
  return growth
}
export type MachineUsageDto = Awaited<ReturnType<typeof readMachineUsage>>

/**
 * Checks that a user's usage may grow by `growth`. Locks the user until `tx` ends, so that concurrent requests cannot
 * exceed the quota together.
 * @throws {AppError} machine.quota_exceeded with the numbers
 */
export async function checkQuota(tx: Tx, { ownerId, growth }: { ownerId: string; growth: MachineSizeDto }) {
  await lockUser(tx, ownerId)
  assertWithinQuota(await readMachineUsage(tx, ownerId), { ...growth, machines: 0 })
}

/**
 * Adds `requested` to `usage`. Must be called while the user is locked.
 * @throws {AppError} machine.quota_exceeded with the numbers
 */
export function takeFromQuota(usage: MachineUsageDto, requested: MachineSizeDto & { machines: number }) {
  assertWithinQuota(usage, requested)
  for (const resource of QUOTA_RESOURCES) usage[resource].used += requested[resource]
}

const QUOTA_RESOURCES = ['machines', 'cpus', 'memoryMiB', 'diskMiB'] as const

function assertWithinQuota(usage: MachineUsageDto, requested: MachineSizeDto & { machines: number }) {
  for (const resource of QUOTA_RESOURCES) {
    const { used, limit } = usage[resource]
    const amount = requested[resource]
    if (amount <= 0 || used + amount <= limit) continue
    const format = formatResource[resource]
    throw new AppError({
      code: 'machine.quota_exceeded',
      status: 422,
      message: `This needs ${format(amount)}; you use ${format(used)} of your ${format(limit)}. Terminate a machine${resource === 'diskMiB' ? ' or delete a snapshot' : ''} to free some.`,
      details: { what: resource, asked: amount, used, limit },
    })
  }
}

const formatResource = {
  machines: (n: number) => `${n} machine${n === 1 ? '' : 's'}`,
  cpus: (n: number) => `${n} CPU${n === 1 ? '' : 's'}`,
  memoryMiB: (n: number) => `${formatMebibytes(n)} of memory`,
  diskMiB: (n: number) => `${formatMebibytes(n)} of disk`,
}
