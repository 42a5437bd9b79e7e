import { lockPerson } from '../accounts/lock-person'
import { config } from '../config'
import type { Db, Tx } from '../db'
import { AppError } from '../errors'
import { unfinished } from '../tasks/queries'
import { resizeMachine } from './kinds'
import type { MachineSizeDto } from './size-schema'
import { mebibytesText } from './sizes'

/**
 * What a person uses of what they may: their machines, as large as they are about to become, and on disk the snapshots,
 * too. Memory and disk in MiB.
 */
export async function machineUsageOf(tx: Tx | Db, ownerId: string) {
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
    growthAsked(tx, ownerId),
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
async function growthAsked(tx: Tx | Db, ownerId: string) {
  const tasks = await tx.task.findMany({
    where: { ownerId, kind: resizeMachine.name, ...unfinished },
    select: { payload: true, machine: true },
  })
  const growth = { cpus: 0, memoryMiB: 0, diskMiB: 0 }
  for (const { payload, machine } of tasks) {
    const { size } = resizeMachine.payload.parse(payload)
    for (const what of ['cpus', 'memoryMiB', 'diskMiB'] as const)
      growth[what] += Math.max(0, size[what] - (machine?.[what] ?? 0))
  }
  return growth
}
export type MachineUsageDto = Awaited<ReturnType<typeof machineUsageOf>>

/**
 * Whether what a person has may grow by `more`. Holds the person's row until `tx` ends, so that two who ask at
 * once do not both take the last of it.
 * @throws {AppError} machine.quota_exceeded with the numbers.
 */
export async function checkQuota(tx: Tx, { ownerId, more }: { ownerId: string; more: MachineSizeDto }) {
  await lockPerson(tx, ownerId)
  refuseOver(await machineUsageOf(tx, ownerId), { ...more, machines: 0 })
}

/**
 * As checkQuota, for a machine of the size `made` that `tx` has written already. Called last in it, so that the
 * person's row is held for short.
 */
export async function checkQuotaWith(tx: Tx, { ownerId, made }: { ownerId: string; made: MachineSizeDto }) {
  await lockPerson(tx, ownerId)
  const usage = await machineUsageOf(tx, ownerId)
  const asked = { ...made, machines: 1 }
  for (const what of QUOTAS) usage[what].used -= asked[what]
  refuseOver(usage, asked)
}

const QUOTAS = ['machines', 'cpus', 'memoryMiB', 'diskMiB'] as const

function refuseOver(usage: MachineUsageDto, asked: MachineSizeDto & { machines: number }) {
  for (const what of QUOTAS) {
    const { used, limit } = usage[what]
    if (asked[what] <= 0 || used + asked[what] <= limit) continue
    throw new AppError({
      code: 'machine.quota_exceeded',
      status: 422,
      message: `This needs ${text[what](asked[what])}; you use ${text[what](used)} of your ${text[what](limit)}. Terminate a machine${what === 'diskMiB' ? ', or delete a snapshot,' : ''} to make room.`,
      details: { what, asked: asked[what], used, limit },
    })
  }
}

const text = {
  machines: (n: number) => `${n} machine${n === 1 ? '' : 's'}`,
  cpus: (n: number) => `${n} CPU${n === 1 ? '' : 's'}`,
  memoryMiB: (n: number) => `${mebibytesText(n)} of memory`,
  diskMiB: (n: number) => `${mebibytesText(n)} of disk`,
}
