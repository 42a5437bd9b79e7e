import type { Db } from '@/lib/db'
import type { Prisma } from '@/lib/generated/prisma/client'
import { HOST_SILENCE_MS } from '@/lib/machines/hosts'
import { isAlive } from '../scratch'
import type { Hypervisor } from './hypervisor'

export interface Lease {
  hostId: string
  /** What people call the host. */
  name: string
  consoleUrl: string
  facts: Prisma.InputJsonObject
  images: Prisma.InputJsonArray
}

/** What the hypervisor tells of itself and of its images, as the host's row keeps it. */
export async function offerOf(hypervisor: Hypervisor): Promise<Pick<Lease, 'facts' | 'images'>> {
  const [facts, images] = await Promise.all([hypervisor.describe(), hypervisor.images()])
  return {
    facts: { ...facts },
    images: images.map(({ minimum, ...image }) => ({ ...image, minimum: { ...minimum } })),
  }
}

/**
 * Says that this process speaks for the host. Only one may at a time.
 * @returns false while another living process does
 */
export async function takeLease(db: Db, { hostId: id, ...lease }: Lease) {
  const data = { ...lease, workerPid: process.pid, seenAt: new Date(), lostAt: null }
  const before = await db.machineHost.findUnique({ where: { id } })
  if (!before) return db.machineHost.create({ data: { id, ...data } }).then(() => true, ifUnique)
  // It lies in the same DATA_DIR, so it runs on this computer.
  const isOurs = before.workerPid === process.pid
  const isHeld = isAlive(before.workerPid) && Date.now() - before.seenAt.getTime() < HOST_SILENCE_MS
  if (!isOurs && isHeld) return false
  const { count } = await db.machineHost.updateMany({
    where: { id, workerPid: before.workerPid, seenAt: before.seenAt },
    data,
  })
  if (count > 0 && before.lostAt) await tellPages(db, id)
  return count > 0
}

/** Marks hosts that nobody speaks for any more. */
export async function markLostHosts(db: Db) {
  const silentSince = new Date(Date.now() - HOST_SILENCE_MS)
  const lost = await db.machineHost.findMany({ where: { seenAt: { lt: silentSince }, lostAt: null } })
  for (const { id } of lost) {
    await db.machineHost.updateMany({
      where: { id, seenAt: { lt: silentSince } },
      data: { lostAt: new Date() },
    })
    await tellPages(db, id)
  }
}

/** An update that changes nothing raises the version: pages read the machines again, with their host. */
const tellPages = (db: Db, hostId: string) =>
  db.machine.updateMany({ where: { hostId, state: { not: 'terminated' } }, data: { version: 0 } })

function ifUnique(error: { code?: string }) {
  if (error.code === 'P2002') return false
  throw error
}
