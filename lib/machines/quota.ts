import { lockUser } from '../accounts/lock-user'
import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import { AppError } from '../errors'
import { whereUnfinished } from '../tasks/queries'
import { resizeMachineTask } from './tasks'
import type { MachineSizeDto } from './size-schema'
import { formatMebibytes } from './sizes'

/**
 * What a person uses of what they may: their machines, as large as they are about to become, and on disk the snapshots,
 * too. Memory and disk in MiB.
 */
export async function readMachineUsage(tx: Tx | Db, ownerId: string) {
  const [{ _count, _sum }, kept, growth] = await Promise.all([
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
  ])
  const limits = config()
  const diskMiB = (_sum.diskMiB ?? 0) + (kept._sum.diskMiB ?? 0)
  return {
    machines: { used: _count, limit: limits.MACHINE_QUOTA_COUNT },
    cpus: { used: (_sum.cpus ?? 0) + growth.cpus, limit: limits.MACHINE_QUOTA_CPUS },
    memoryMiB: { used: (_sum.memoryMiB ?? 0) + growth.memoryMiB, limit: limits.MACHINE_QUOTA_MEMORY_MIB },
    diskMiB: { used: diskMiB + growth.diskMiB, limit: limits.MACHINE_QUOTA_DISK_MIB },
  }
}

/** By how much machines grow once the work on it is done. */
async function readPendingGrowth(tx: Tx | Db, ownerId: string) {
  const tasks = await tx.task.findMany({
    where: { ownerId, kind: resizeMachineTask.name, ...whereUnfinished },
    select: { payload: true, machine: true },
  })
  const growth = { cpus: 0, memoryMiB: 0, diskMiB: 0 }
  for (const { payload, machine } of tasks) {
    const { size } = resizeMachineTask.payload.parse(payload)
    for (const what of ['cpus', 'memoryMiB', 'diskMiB'] as const)
      growth[what] += Math.max(0, size[what] - (machine?.[what] ?? 0))
  }
  return growth
}
export type MachineUsageDto = Awaited<ReturnType<typeof readMachineUsage>>

/**
 * Whether what a person has may grow by `more`. Holds the person's row until `tx` ends, so that two who ask at
 * once do not both take the last of it.
 * @throws {AppError} machine.quota_exceeded with the numbers.
 */
export async function checkQuota(tx: Tx, { ownerId, more }: { ownerId: string; more: MachineSizeDto }) {
  await lockUser(tx, ownerId)
  assertWithinQuota(await readMachineUsage(tx, ownerId), { ...more, machines: 0 })
}

/**
 * As checkQuota, for a machine of the size `made` that `tx` has written already. Called last in it, so that the
 * person's row is held for short.
 */
export async function checkQuotaAfterInsert(
  tx: Tx,
  { ownerId, made }: { ownerId: string; made: MachineSizeDto },
) {
  await lockUser(tx, ownerId)
  const usage = await readMachineUsage(tx, ownerId)
  const asked = { ...made, machines: 1 }
  for (const what of QUOTA_RESOURCES) usage[what].used -= asked[what]
  assertWithinQuota(usage, asked)
}

const QUOTA_RESOURCES = ['machines', 'cpus', 'memoryMiB', 'diskMiB'] as const

function assertWithinQuota(usage: MachineUsageDto, asked: MachineSizeDto & { machines: number }) {
  for (const what of QUOTA_RESOURCES) {
    const { used, limit } = usage[what]
    if (asked[what] <= 0 || used + asked[what] <= limit) continue
    throw new AppError({
      code: 'machine.quota_exceeded',
      status: 422,
      message: `This needs ${formatResource[what](asked[what])}; you use ${formatResource[what](used)} of your ${formatResource[what](limit)}. Terminate a machine${what === 'diskMiB' ? ', or delete a snapshot,' : ''} to make room.`,
      details: { what, asked: asked[what], used, limit },
    })
  }
}

const formatResource = {
  machines: (n: number) => `${n} machine${n === 1 ? '' : 's'}`,
  cpus: (n: number) => `${n} CPU${n === 1 ? '' : 's'}`,
  memoryMiB: (n: number) => `${formatMebibytes(n)} of memory`,
  diskMiB: (n: number) => `${formatMebibytes(n)} of disk`,
}
