import { measureQueueLatency } from './queue-latency'
import { openQueueFixture } from './queue-fixture'
import { measureQueueThroughput } from './queue-throughput'
import type { Measurement } from './measurement'

/** Latency and throughput of the queue, compared with other queues and with a full table. */
export async function benchmarkQueue(): Promise<Measurement[]> {
  const fixture = await openQueueFixture()
  try {
    return [...(await measureQueueLatency(fixture)), ...(await measureQueueThroughput(fixture))]
  } finally {
    await fixture.close()
  }
}
