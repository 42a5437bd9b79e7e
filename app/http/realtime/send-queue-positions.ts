import { readTakenQueues } from '@/lib/cluster/queries'
import { runEvery } from '@/lib/concurrency/run-every'
import { db } from '@/lib/database/db'
import { readFirstQueuePositions } from '@/lib/tasks/queue-positions'
import type { LiveServer } from './live-server'

/** Positions sent to one user at a time: the first ones of the queue. */
const POSITIONS_LIMIT = 200
const TAKEN_QUEUES_INTERVAL_MS = 3_000

/** Sends every connected user the queue positions of their waiting tasks. Reads the whole queue. */
export async function sendQueuePositions(io: LiveServer) {
  const ownerIds = [...io.sockets.adapter.rooms.keys()]
  const [tasksByOwner, taken] = await Promise.all([
    readFirstQueuePositions(db(), { ownerIds, limit: POSITIONS_LIMIT }),
    readTakenQueues(db()),
  ])
  for (const [ownerId, tasks] of tasksByOwner)
    io.to(ownerId).emit(
      'positions',
      Object.fromEntries(tasks.map(({ id, position }) => [id, position])),
      tasks.filter(({ queue }) => !taken.has(queue)).map(({ id }) => id),
    )
}

/** Calls `onChange` when the queues that workers take have changed. @returns an async stop */
export function watchTakenQueues(onChange: () => void) {
  let before: string | undefined
  return runEvery({
    work: async () => {
      const now = (await readTakenQueues(db())).key
      if (before !== undefined && before !== now) onChange()
      before = now
    },
    pauseMs: TAKEN_QUEUES_INTERVAL_MS,
    failureMessage: 'could not read which queues workers take',
  })
}
