import { z } from 'zod'
import type { Db, Tx } from '../database/db'
import type { MachineHost } from '../generated/prisma/client'
import { type MachineImageDto, machineImageSchema } from './schema'
import { parseSnapshotImageName } from './snapshot-image-name'

/** A host that was not heard of for this long is lost. By the clock of the database: those of hosts differ. */
export const HOST_TIMEOUT = '20 seconds'

const hostFactsSchema = z.object({
  version: z.string(),
  isAccelerated: z.boolean(),
  note: z.string(),
  problem: z.string().nullable(),
  outboundProblem: z.string().nullable().default('Its host has not said yet whether machines get internet.'),
})

/** Ids of the hosts that are not lost. */
export async function readOnlineHostIds(db: Db | Tx): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM machine_host WHERE "seenAt" > now() - ${HOST_TIMEOUT}::interval`
  return new Set(rows.map(({ id }) => id))
}
export const parseHostFacts = (host: Pick<MachineHost, 'facts'>) => hostFactsSchema.parse(host.facts)
const parseHostImages = (host: Pick<MachineHost, 'images'>) => z.array(machineImageSchema).parse(host.images)

/**
 * What machines can be made of now, and by what. `problem` is why none can be made, where none can; it `isAwaited`
 * where the first word of a host may come any moment.
 */
export async function readMachineAvailability(db: Db | Tx) {
  const { alive, able } = await readOnlineHosts(db)
  const images = new Map<string, MachineImageDto>()
  for (const image of able.flatMap(parseHostImages)) {
    // Snapshots are their owner's, and not of the catalogue.
    if (parseSnapshotImageName(image.name)) continue
    // One host that can use it is enough.
    if (!images.has(image.name) || images.get(image.name)!.problem) images.set(image.name, image)
  }
  return {
    images: [...images.values()],
    problem: able.length > 0 ? null : hostsUnavailableReason(alive),
    isAwaited: alive.length === 0,
    outboundProblem: able.length > 0 ? outboundUnavailableReason(able) : null,
    note: able[0] ? parseHostFacts(able[0]).note : null,
    isAccelerated: able.some((host) => parseHostFacts(host).isAccelerated),
  }
}
export type MachineAvailability = Awaited<ReturnType<typeof readMachineAvailability>>

/** One host that can do it is enough. */
function outboundUnavailableReason(able: MachineHost[]) {
  const problems = able.map((host) => parseHostFacts(host).outboundProblem)
  return problems.includes(null) ? null : problems[0]!
}

/** The host that has to make a machine with internet, where not every one can; null where any may. */
export async function requiredOutboundHostId(db: Db) {
  const { able } = await readOnlineHosts(db)
  const outbound = able.filter((host) => parseHostFacts(host).outboundProblem === null)
  return outbound.length === able.length ? null : (outbound[0]?.id ?? null)
}

/** Hosts that are not lost, and those of them that can make machines; who was heard of last comes first. */
async function readOnlineHosts(db: Db | Tx) {
  const hosts = await db.machineHost.findMany({ orderBy: { seenAt: 'desc' } })
  const living = await readOnlineHostIds(db)
  const alive = hosts.filter(({ id }) => living.has(id))
  return { alive, able: alive.filter((host) => parseHostFacts(host).problem === null) }
}

const hostsUnavailableReason = (alive: MachineHost[]) =>
  alive[0] ? parseHostFacts(alive[0]).problem : 'No computer that runs machines has been heard of yet.'
