import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import type { User } from '../generated/prisma/client'

/** The limits of every user without own ones. Storage in bytes, memory and disk in MiB. */
export function defaultLimits() {
  const limits = config()
  return {
    storageBytes: limits.STORAGE_QUOTA_BYTES,
    machines: limits.MACHINE_QUOTA_COUNT,
    cpus: limits.MACHINE_QUOTA_CPUS,
    memoryMiB: limits.MACHINE_QUOTA_MEMORY_MIB,
    diskMiB: limits.MACHINE_QUOTA_DISK_MIB,
  }
}

export type UserLimits = ReturnType<typeof defaultLimits>

/** The limits that an administrator has set for a user; null for a default. */
export const ownLimits = (user: User) => ({
  storageBytes: user.storageQuotaBytes === null ? null : Number(user.storageQuotaBytes),
  machines: user.machineQuotaCount,
  cpus: user.machineQuotaCpus,
  memoryMiB: user.machineQuotaMemoryMiB,
  diskMiB: user.machineQuotaDiskMiB,
})

/** The limits in force for a user. */
export const readLimits = async (tx: Tx | Db, userId: string) =>
  resolveLimits(await tx.user.findUniqueOrThrow({ where: { id: userId } }))

export function resolveLimits(user: User): UserLimits {
  const own = Object.entries(ownLimits(user)).filter(([, limit]) => limit !== null)
  return { ...defaultLimits(), ...(Object.fromEntries(own) as Partial<UserLimits>) }
}
