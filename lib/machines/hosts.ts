import { z } from 'zod'
import type { Db, Tx } from '../db'
import type { MachineHost } from '../generated/prisma/client'
import { type MachineImageDto, machineImageSchema } from './contract'
import { snapshotIdOf } from './snapshot-name'

/** A host that was not heard of for this long is lost. By the clock of the database: those of hosts differ. */
export const HOST_SILENCE = '20 seconds'

const factsSchema = z.object({
  version: z.string(),
  isAccelerated: z.boolean(),
  note: z.string(),
  problem: z.string().nullable(),
  outboundProblem: z.string().nullable().default('Its host has not said yet whether machines get internet.'),
})

/** Ids of the hosts that are not lost. */
export async function livingHosts(db: Db | Tx): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM machine_host WHERE "seenAt" > now() - ${HOST_SILENCE}::interval`
  return new Set(rows.map(({ id }) => id))
}
export const factsOf = (host: Pick<MachineHost, 'facts'>) => factsSchema.parse(host.facts)
const imagesOf = (host: Pick<MachineHost, 'images'>) => z.array(machineImageSchema).parse(host.images)

/**
 * What machines can be made of now, and by what. `problem` is why none can be made, where none can; it `isAwaited`
 * where the first word of a host may come any moment.
 */
export async function machineOffer(db: Db | Tx) {
  const { alive, able } = await hostsNow(db)
  const images = new Map<string, MachineImageDto>()
  for (const image of able.flatMap(imagesOf)) {
    // Snapshots are their owner's, and not of the catalogue.
    if (snapshotIdOf(image.name)) continue
    // One host that can use it is enough.
    if (!images.has(image.name) || images.get(image.name)!.problem) images.set(image.name, image)
  }
  return {
    images: [...images.values()],
    problem: able.length > 0 ? null : problemOf(alive),
    isAwaited: alive.length === 0,
    outboundProblem: able.length > 0 ? outboundProblemOf(able) : null,
    note: able[0] ? factsOf(able[0]).note : null,
    isAccelerated: able.some((host) => factsOf(host).isAccelerated),
  }
}
export type MachineOffer = Awaited<ReturnType<typeof machineOffer>>

/** One host that can do it is enough. */
function outboundProblemOf(able: MachineHost[]) {
  const problems = able.map((host) => factsOf(host).outboundProblem)
  return problems.includes(null) ? null : problems[0]!
}

/** The host that has to make a machine with internet, where not every one can; null where any may. */
export async function outboundHost(db: Db) {
  const { able } = await hostsNow(db)
  const outbound = able.filter((host) => factsOf(host).outboundProblem === null)
  return outbound.length === able.length ? null : (outbound[0]?.id ?? null)
}

/** Hosts that are not lost, and those of them that can make machines; who was heard of last comes first. */
async function hostsNow(db: Db | Tx) {
  const hosts = await db.machineHost.findMany({ orderBy: { seenAt: 'desc' } })
  const living = await livingHosts(db)
  const alive = hosts.filter(({ id }) => living.has(id))
  return { alive, able: alive.filter((host) => factsOf(host).problem === null) }
}

const problemOf = (alive: MachineHost[]) =>
  alive[0] ? factsOf(alive[0]).problem : 'No computer that runs machines has been heard of yet.'
