import type { Db } from '../db'
import type { Machine } from '../generated/prisma/client'
import { provisionMachine } from './kinds'

/** The median of how long the last machines of this image and size took, in seconds; null without any. */
export async function typicalSeconds(db: Db, { image, sizeName }: Pick<Machine, 'image' | 'sizeName'>) {
  const tasks = await db.task.findMany({
    where: { kind: provisionMachine.name, state: 'done', machine: { image, sizeName } },
    orderBy: { id: 'desc' },
    take: 15,
    select: { result: true },
  })
  const seconds = tasks
    .flatMap(({ result }) => (result as { seconds?: number } | null)?.seconds ?? [])
    .sort((a, b) => a - b)
  return seconds[Math.floor(seconds.length / 2)] ?? null
}
