import { db } from '@/lib/database/db'
import { readFirstQueuePositions } from '@/lib/tasks/queue-positions'
import type { LiveServer } from './live-server'

/** Positions sent to one user at a time: the first ones of the queue. */
const POSITIONS_LIMIT = 200

/** Sends every connected user the queue positions of their waiting tasks. Reads the whole queue. */
export async function sendQueuePositions(io: LiveServer) {
  const ownerIds = [...io.sockets.adapter.rooms.keys()]
  const positionsByOwner = await readFirstQueuePositions(db(), { ownerIds, limit: POSITIONS_LIMIT })
  for (const [ownerId, positions] of positionsByOwner)
    io.to(ownerId).emit('positions', Object.fromEntries(positions))
}
