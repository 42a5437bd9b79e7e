import type { Db } from '@/lib/database/db'
import type { Prisma } from '@/lib/generated/prisma/client'
import { HOST_TIMEOUT } from '@/lib/machines/hosts'
import { isProcessAlive } from '@/worker/runtime/scratch'
import type { Hypervisor } from '../hypervisor'

export interface HostLease {
  hostId: string
  /** What people call the host. */
  name: string
  consoleUrl: string
  facts: Prisma.InputJsonObject
  images: Prisma.InputJsonArray
}

/** What the hypervisor tells of itself and of its images, as the host's row keeps it. */
export async function readHostInventory(
  hypervisor: Hypervisor,
): Promise<Pick<HostLease, 'facts' | 'images'>> {
  const [facts, images] = await Promise.all([hypervisor.describe(), hypervisor.listImages()])
  return {
    facts: { ...facts },
    images: images.map(({ minimum, ...image }) => ({ ...image, minimum: { ...minimum } })),
  }
}

/**
 * Says that this process speaks for the host. Only one may at a time.
 * @returns false while another living process does
 */
export async function acquireHostLease(db: Db, { hostId: id, ...lease }: HostLease) {
  const before = await db.machineHost.findUnique({ where: { id } })
  // It lies in the same DATA_DIR, so it runs on this computer.
  const mayHold = before !== null && before.workerPid !== process.pid && isProcessAlive(before.workerPid)
  const rows = await db.$queryRaw<unknown[]>`
    INSERT INTO machine_host AS host (id, name, "workerPid", "seenAt", "consoleUrl", facts, images)
    VALUES (${id}, ${lease.name}, ${process.pid}, now(), ${lease.consoleUrl},
      ${JSON.stringify(lease.facts)}::jsonb, ${JSON.stringify(lease.images)}::jsonb)
    ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, "workerPid" = EXCLUDED."workerPid", "seenAt" = now(),
      "lostAt" = NULL, "consoleUrl" = EXCLUDED."consoleUrl", facts = EXCLUDED.facts, images = EXCLUDED.images
    WHERE host."workerPid" = ${process.pid} OR host."workerPid" = ${before?.workerPid ?? null}
      AND (NOT ${mayHold} OR host."seenAt" < now() - ${HOST_TIMEOUT}::interval)
    RETURNING 1`
  const isOurs = rows.length > 0
  if (isOurs && before?.lostAt) await touchHostMachines(db, id)
  return isOurs
}

/** Marks hosts that nobody speaks for any more. */
export async function markLostHosts(db: Db) {
  const lost = await db.$queryRaw<{ id: string }[]>`
    UPDATE machine_host SET "lostAt" = now()
    WHERE "lostAt" IS NULL AND "seenAt" < now() - ${HOST_TIMEOUT}::interval RETURNING id`
  for (const { id } of lost) await touchHostMachines(db, id)
}

/** An update that changes nothing raises the version: pages read the machines again, with their host. */
const touchHostMachines = (db: Db, hostId: string) =>
  db.machine.updateMany({ where: { hostId, state: { not: 'terminated' } }, data: { version: 0 } })
