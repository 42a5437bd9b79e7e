import { measureQueueLatency } from './queue-latency'
import { openQueueFixture } from './queue-fixture'
import { measureQueueThroughput } from './queue-throughput'
import type { Measurement } from './measurement'

/** How soon and how much: the queue by itself, beside others on the same Postgres, and beside a full table. */
export async function benchmarkQueue(): Promise<Measurement[]> {
  const room = await openQueueFixture()
  try {
    return [...(await measureQueueLatency(room)), ...(await measureQueueThroughput(room))]
  } finally {
    await room.close()
  }
}
