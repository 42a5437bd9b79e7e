import type { Db } from '../database/db'
import type { Machine } from '../generated/prisma/client'
import { provisionMachineTask } from './tasks'

/** What the stage is called in which an image is made: once, and for all machines after it. */
export const IMAGE_STAGE = 'Preparing the image'

interface ProvisionResult {
  seconds?: number
  stages?: { name: string; seconds: number | null }[]
}

/** The median of how long the last machines of this image and size took, in seconds; null without any. */
export async function estimateProvisionSeconds(
  db: Db,
  { image, sizeName }: Pick<Machine, 'image' | 'sizeName'>,
) {
  const made = { kind: provisionMachineTask.name, state: 'done' } as const
  // By machines, of which there are few: a million other tasks are not looked through.
  const machines = await db.machine.findMany({
    where: { image, sizeName, tasks: { some: made } },
    orderBy: { id: 'desc' },
    take: 15,
    select: { tasks: { where: made, select: { result: true } } },
  })
  const results = machines.flatMap(({ tasks }) => tasks).map(({ result }) => result as ProvisionResult | null)
  const seconds = results.flatMap(secondsWithoutImage).sort((a, b) => a - b)
  return seconds[Math.floor(seconds.length / 2)] ?? null
}

/** How long the next one will take like this one, for which the image is there already. */
export function secondsWithoutImage(result: ProvisionResult | null) {
  if (result?.seconds === undefined) return []
  const image = result.stages?.find(({ name }) => name === IMAGE_STAGE)?.seconds ?? 0
  return [result.seconds - image]
}
