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
  const tasks = await db.task.findMany({
    where: { kind: provisionMachine.name, state: 'done', machine: { image, sizeName } },
    orderBy: { id: 'desc' },
    take: 15,
    select: { result: true },
  })
  const seconds = tasks.flatMap(({ result }) => withoutImage(result as Result | null)).sort((a, b) => a - b)
  return seconds[Math.floor(seconds.length / 2)] ?? null
}

/** How long the next one will take like this one, for which the image is there already. */
export function withoutImage(result: Result | null) {
  if (result?.seconds === undefined) return []
  const image = result.stages?.find(({ name }) => name === IMAGE_STAGE)?.seconds ?? 0
  return [result.seconds - image]
}
