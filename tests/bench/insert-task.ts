import { randomUUID } from 'node:crypto'
import type { Db } from '@/lib/database/db'
import type { Prisma } from '@/lib/generated/prisma/client'
import { inspectVideoTask } from '@/lib/videos/tasks'

/** Inserts a task in progress that no worker takes, with `data` in place of its values. Returns its ID. */
export async function insertTask(
  db: Db,
  ownerId: string,
  data: Partial<Prisma.TaskUncheckedCreateInput> = {},
) {
  const { id } = await db.task.create({
    data: {
      ownerId,
      queue: 'bench',
      kind: inspectVideoTask.name,
      payload: { videoId: randomUUID() },
      maxAttempts: 1,
      state: 'in_progress',
      ...data,
    },
  })
  return id
}
