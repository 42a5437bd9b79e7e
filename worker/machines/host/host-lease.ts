import type { Db, Tx } from '@/lib/database/db'
import { touch } from '@/lib/database/touch'
import type { Prisma } from '@/lib/generated/prisma/client'
import { HOST_TIMEOUT } from '@/lib/machines/hosts'
import { isProcessAlive } from '@/worker/process/process-identity'
import type { Hypervisor } from '../hypervisor'

export interface HostLease {
  hostId: string
  /** Display name. */
  name: string
  consoleUrl: string
  facts: Prisma.InputJsonObject
  images: Prisma.InputJsonArray
}

/** The hypervisor's facts and images in the form stored in the host's row. */
export async function readHostInventory(
  hypervisor: Hypervisor,
): Promise<Pick<HostLease, 'facts' | 'images'>> {
  const [facts, images] = await Promise.all([hypervisor.describe(), hypervisor.listImages()])
  return {
    facts: {
      ...facts,
      offers: (facts.offers ?? []).map((offer) => ({ ...offer })),
      capabilities: { ...hypervisor.capabilities },
    },
    images: images.map(({ minimum, ...image }) => ({ ...image, minimum: { ...minimum } })),
  }
}

/**
 * Acquires or renews the lease of a host. One process holds it at a time; it expires after `HOST_TIMEOUT`.
 * @returns false while another live process holds it
 */
export async function acquireHostLease(db: Db, { hostId: id, ...lease }: HostLease) {
  return db.$transaction(async (tx) => {
    const [before] = await tx.$queryRaw<{ workerPid: number; lostAt: Date | null }[]>`
      SELECT "workerPid", "lostAt" FROM machine_host WHERE id = ${id} FOR UPDATE`
    // The holder uses the same DATA_DIR, so its PID belongs to this computer. Another process may have it by now.
    const mayBeHeld =
      before !== undefined && before.workerPid !== process.pid && (await isProcessAlive(before.workerPid))
    const rows = await tx.$queryRaw<unknown[]>`
      INSERT INTO machine_host AS host (id, name, "workerPid", "seenAt", "consoleUrl", facts, images)
      VALUES (${id}, ${lease.name}, ${process.pid}, now(), ${lease.consoleUrl},
        ${JSON.stringify(lease.facts)}::jsonb, ${JSON.stringify(lease.images)}::jsonb)
      ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, "workerPid" = EXCLUDED."workerPid", "seenAt" = now(),
        "lostAt" = NULL, "consoleUrl" = EXCLUDED."consoleUrl", facts = EXCLUDED.facts, images = EXCLUDED.images
      WHERE host."workerPid" = ${process.pid} OR host."workerPid" = ${before?.workerPid ?? null}
        AND (NOT ${mayBeHeld} OR host."seenAt" < now() - ${HOST_TIMEOUT}::interval)
      RETURNING 1`
    const isOurs = rows.length > 0
    if (isOurs && before?.lostAt) await touchHostMachines(tx, id)
    return isOurs
  })
}

/** Marks hosts whose lease has expired as lost. */
export async function markLostHosts(db: Db) {
  await db.$transaction(async (tx) => {
    const lost = await tx.$queryRaw<{ id: string }[]>`
      UPDATE machine_host SET "lostAt" = now()
      WHERE "lostAt" IS NULL AND "seenAt" < now() - ${HOST_TIMEOUT}::interval RETURNING id`
    for (const { id } of lost) await touchHostMachines(tx, id)
  })
}

/** Machine DTOs contain the state of their host, so its changes must raise their versions, in the same transaction. */
const touchHostMachines = (db: Tx, hostId: string) =>
  touch(db, 'machine', { hostId, state: { not: 'terminated' } })
