import type { PgBoss } from 'pg-boss'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { DeliveredJob } from './fetch-jobs'
import { JobHeartbeats } from './job-heartbeats'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const createJob = (name: string, heartbeatSeconds: number | null) =>
  ({ name, heartbeatSeconds }) as DeliveredJob

function createHeartbeats() {
  const touch = vi.fn(async (_queue: string, _jobs: readonly DeliveredJob[]) => {})
  return { heartbeats: new JobHeartbeats({ touch } as unknown as PgBoss), touch }
}

it('sends the heartbeats of the running jobs of a queue together, twice per interval', async () => {
  const { heartbeats, touch } = createHeartbeats()
  const [first, second] = [createJob('a', 10), createJob('a', 10)]
  const finished = Promise.withResolvers<void>()
  const ended = heartbeats.during(first, () => finished.promise)
  void heartbeats.during(second, () => new Promise(() => {}))
  void heartbeats.during(createJob('b', null), () => new Promise(() => {}))
  await vi.advanceTimersByTimeAsync(4_500)
  expect(touch).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(touch.mock.calls).toEqual([['a', [first, second]]])
  finished.resolve()
  await ended
  await vi.advanceTimersByTimeAsync(5_000)
  expect(touch.mock.calls.slice(1)).toEqual([['a', [second]]])
  await heartbeats.stop()
})

it('sends heartbeats that failed again a second later, and those of other queues in time', async () => {
  const { heartbeats, touch } = createHeartbeats()
  touch.mockRejectedValueOnce(new Error('the database is away'))
  void heartbeats.during(createJob('a', 10), () => new Promise(() => {}))
  void heartbeats.during(createJob('b', 10), () => new Promise(() => {}))
  await vi.advanceTimersByTimeAsync(6_500)
  expect(touch.mock.calls.map(([queue]) => queue)).toEqual(['a', 'b', 'a'])
  await heartbeats.stop()
})
