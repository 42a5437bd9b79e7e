import { lockUser } from '../accounts/lock-user'
import type { Db, Tx } from '../database/db'
import { querySql, type SqlExecutor } from '../database/direct-query'
import { prepared } from '../database/prepared-statements'
import { AppError } from '../errors'
import { Prisma, type Task } from '../generated/prisma/client'
import { readLimits, type UserLimits } from '../users/limits'
import { resizeMachineTask } from './tasks'
import type { MachineSizeDto } from './size-schema'
import { formatMebibytes } from './sizes'
import * as messages from '../generated/messages/machine-errors'

/** Reads a user's quota and usage. */
export async function readMachineUsage(tx: Tx | Db, ownerId: string) {
  const [used, limits] = await Promise.all([readUsedResources(tx, ownerId), readLimits(tx, ownerId)])
  return toMachineUsage(used, limits)
}
export type MachineUsageDto = ReturnType<typeof toMachineUsage>

export const toMachineUsage = (used: Awaited<ReturnType<typeof readUsedResources>>, limits: UserLimits) => ({
  machines: { used: used.machines, limit: limits.machines },
  cpus: { used: used.cpus, limit: limits.cpus },
  memoryMiB: { used: used.memoryMiB, limit: limits.memoryMiB },
  diskMiB: { used: used.diskMiB, limit: limits.diskMiB },
})

/** Reads what a user's machines use, including pending resizes, and the disk of snapshots. Memory and disk in MiB. */
export async function readUsedResources(tx: SqlExecutor, ownerId: string) {
  const [[used], growth] = await Promise.all([
    readMachinesAndSnapshots(tx, ownerId),
    readPendingGrowth(tx, ownerId),
  ])
  return {
    machines: used!.machines,
    cpus: used!.cpus + growth.cpus,
    memoryMiB: used!.memoryMiB + growth.memoryMiB,
    diskMiB: used!.diskMiB + growth.diskMiB,
  }
}

const readMachinesAndSnapshots = (tx: SqlExecutor, ownerId: string) =>
  querySql<MachineSizeDto & { machines: number }>(
    tx,
    Prisma.sql`
      ${prepared} SELECT count(*)::float AS machines, coalesce(sum(cpus), 0)::float AS cpus,
        coalesce(sum("memoryMiB"), 0)::float AS "memoryMiB",
        coalesce(sum("diskMiB"), 0)::float + (
          SELECT coalesce(sum("diskMiB"), 0)::float FROM machine_snapshot
          WHERE "ownerId" = ${ownerId} AND state NOT IN ('failed', 'canceled')
        ) AS "diskMiB"
      FROM machine WHERE "ownerId" = ${ownerId} AND state <> 'terminated'`,
  )

/** Sums the growth by unfinished resizes. */
async function readPendingGrowth(tx: SqlExecutor, ownerId: string) {
  const tasks = await querySql<Pick<Task, 'payload'> & Partial<MachineSizeDto>>(
    tx,
    Prisma.sql`
      ${prepared} SELECT payload, cpus, "memoryMiB", "diskMiB"
      FROM task LEFT JOIN machine ON machine.id = "machineId"
      WHERE task."ownerId" = ${ownerId} AND kind = ${resizeMachineTask.name} AND task.state IN ('queued', 'in_progress')`,
  )
  const growth = { cpus: 0, memoryMiB: 0, diskMiB: 0 }
  for (const { payload, ...current } of tasks) {
    const { size } = resizeMachineTask.payload.parse(payload)
    for (const resource of ['cpus', 'memoryMiB', 'diskMiB'] as const)
      growth[resource] += Math.max(0, size[resource] - (current[resource] ?? 0))
  }
  return growth
}

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
    throw new AppError({
      code: 'machine.quota_exceeded',
      status: 422,
      message: quotaMessages[resource]({ amount, used, limit }),
      details: { what: resource, asked: amount, used, limit },
    })
  }
}

interface Shortage {
  amount: number
  used: number
  limit: number
}

const formatShortage = ({ amount, used, limit }: Shortage) => ({
  amount: formatMebibytes(amount),
  used: formatMebibytes(used),
  limit: formatMebibytes(limit),
})

const quotaMessages = {
  machines: messages.quotaMachines,
  cpus: messages.quotaCpus,
  memoryMiB: (shortage: Shortage) => messages.quotaMemory(formatShortage(shortage)),
  diskMiB: (shortage: Shortage) => messages.quotaDisk(formatShortage(shortage)),
}
