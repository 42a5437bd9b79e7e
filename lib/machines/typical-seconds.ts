import type { Db } from '../db'
import type { Machine } from '../generated/prisma/client'
import { provisionMachine } from './kinds'

/** What the stage is called in which an image is made: once, and for all machines after it. */
export const IMAGE_STAGE = 'Preparing the image'

interface Result {
  seconds?: number
  stages?: { name: string; seconds: number | null }[]
}

/** The median of how long the last machines of this image and size took, in seconds; null without any. */
export async function typicalSeconds(db: Db, { image, sizeName }: Pick<Machine, 'image' | 'sizeName'>) {
  const made = { kind: provisionMachine.name, state: 'done' } as const
  // By machines, of which there are few: a million other tasks are not looked through.
  const machines = await db.machine.findMany({
    where: { image, sizeName, tasks: { some: made } },
    orderBy: { id: 'desc' },
    take: 15,
    select: { tasks: { where: made, select: { result: true } } },
  })
  const results = machines.flatMap(({ tasks }) => tasks).map(({ result }) => result as Result | null)
  const seconds = results.flatMap(withoutImage).sort((a, b) => a - b)
  return seconds[Math.floor(seconds.length / 2)] ?? null
}

/** How long the next one will take like this one, for which the image is there already. */
export function withoutImage(result: Result | null) {
  if (result?.seconds === undefined) return []
  const image = result.stages?.find(({ name }) => name === IMAGE_STAGE)?.seconds ?? 0
  return [result.seconds - image]
}
