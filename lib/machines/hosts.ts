import { z } from 'zod'
import type { Db, Tx } from '../db'
import type { MachineHost } from '../generated/prisma/client'
import { type MachineImageDto, machineImageSchema } from './contract'

/** A host that was not heard of for this long is lost. By the clock of the database: those of hosts differ. */
export const HOST_SILENCE = '20 seconds'

const factsSchema = z.object({
  version: z.string(),
  isAccelerated: z.boolean(),
  note: z.string(),
  problem: z.string().nullable(),
})

/** Ids of the hosts that are not lost. */
export async function livingHosts(db: Db | Tx): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM machine_host WHERE "seenAt" > now() - ${HOST_SILENCE}::interval`
  return new Set(rows.map(({ id }) => id))
}
export const factsOf = (host: Pick<MachineHost, 'facts'>) => factsSchema.parse(host.facts)
const imagesOf = (host: Pick<MachineHost, 'images'>) => z.array(machineImageSchema).parse(host.images)

/** What machines can be made of now, and by what. `problem` is why none can be made, where none can. */
export async function machineOffer(db: Db) {
  const hosts = await db.machineHost.findMany({ orderBy: { seenAt: 'desc' } })
  const living = await livingHosts(db)
  const alive = hosts.filter(({ id }) => living.has(id))
  const able = alive.filter((host) => factsOf(host).problem === null)
  const images = new Map<string, MachineImageDto>()
  for (const image of able.flatMap(imagesOf)) {
    // One host that can use it is enough.
    if (!images.has(image.name) || images.get(image.name)!.problem) images.set(image.name, image)
  }
  return {
    images: [...images.values()],
    problem: able.length > 0 ? null : problemOf(alive),
    note: able[0] ? factsOf(able[0]).note : null,
    isAccelerated: able.some((host) => factsOf(host).isAccelerated),
  }
}
export type MachineOffer = Awaited<ReturnType<typeof machineOffer>>

const problemOf = (alive: MachineHost[]) =>
  alive[0] ? factsOf(alive[0]).problem : 'No computer that runs machines has been heard of yet.'
