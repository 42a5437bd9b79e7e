import { measureLatency } from './queue-latency'
import { openQueueRoom } from './queue-room'
import { measureSizes } from './queue-sizes'
import type { Row } from './row'

/** How soon and how much: the queue by itself, beside others on the same Postgres, and beside a full table. */
export async function run(): Promise<Row[]> {
  const room = await openQueueRoom()
  try {
    return [...(await measureLatency(room)), ...(await measureSizes(room))]
  } finally {
    await room.close()
  }
}
