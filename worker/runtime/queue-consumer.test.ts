import { expect, it, vi } from 'vitest'
import type { DeliveredJob } from './fetch-jobs'
import { QueueConsumer } from './queue-consumer'

/** A consumer of a queue in memory, whose jobs end when the test finishes them. */
function createConsumer({ slots, waiting }: { slots: number; waiting: number }) {
  const fetchedCounts: number[] = []
  const gates: PromiseWithResolvers<void>[] = []
  const queue = { waiting, fetchedCounts, gates, failure: null as Error | null }
  const consumer = new QueueConsumer({
    queue: 'test',
    slots,
    async fetch(count) {
      fetchedCounts.push(count)
      if (queue.failure) throw queue.failure
      const jobs = Array.from({ length: Math.min(count, queue.waiting) }, () => ({}) as DeliveredJob)
      queue.waiting -= jobs.length
      return jobs
    },
    async work() {
      const gate = Promise.withResolvers<void>()
      gates.push(gate)
      await gate.promise
    },
  })
  const finish = (count: number) => gates.splice(0, count).forEach(({ resolve }) => resolve())
  const stop = () => consumer.stop(Promise.resolve())
  return { consumer, queue, finish, stop }
}

it('fetches as many jobs as it has free slots, and again only while the queue may have more', async () => {
  const { consumer, queue, finish, stop } = createConsumer({ slots: 3, waiting: 5 })
  consumer.isOpen = true
  await vi.waitFor(() => expect(queue.gates).toHaveLength(3))
  expect(queue.fetchedCounts).toEqual([3])
  expect(consumer.isIdle).toBe(false)
  finish(2)
  await vi.waitFor(() => expect(queue.gates).toHaveLength(3))
  expect(queue.fetchedCounts).toEqual([3, 2])
  finish(3)
  await vi.waitFor(() => expect(queue.fetchedCounts).toEqual([3, 2, 3]))
  expect(consumer.isIdle).toBe(true)
  await stop()
})

it('fetches a job that is announced while all slots are busy as soon as one is free', async () => {
  const { consumer, queue, finish, stop } = createConsumer({ slots: 1, waiting: 1 })
  consumer.isOpen = true
  await vi.waitFor(() => expect(queue.gates).toHaveLength(1))
  queue.waiting = 1
  consumer.wake()
  expect(queue.fetchedCounts).toEqual([1])
  finish(1)
  await vi.waitFor(() => expect(queue.gates).toHaveLength(1))
  expect(queue.waiting).toBe(0)
  await stop()
})

it('fetches nothing while it is closed or after it is stopped, and returns the jobs that still run', async () => {
  const { consumer, queue, stop } = createConsumer({ slots: 2, waiting: 1 })
  consumer.wake()
  expect(queue.fetchedCounts).toEqual([])
  consumer.isOpen = true
  await vi.waitFor(() => expect(queue.gates).toHaveLength(1))
  expect(await stop()).toHaveLength(1)
  queue.waiting = 1
  consumer.isOpen = true
  consumer.wake()
  await new Promise((resolve) => setImmediate(resolve))
  expect(queue.waiting).toBe(1)
})

it('fetches again at the next announcement after a failure', async () => {
  const { consumer, queue, stop } = createConsumer({ slots: 1, waiting: 1 })
  queue.failure = new Error('the database is away')
  consumer.isOpen = true
  await vi.waitFor(() => expect(queue.fetchedCounts).toEqual([1]))
  queue.failure = null
  await vi.waitFor(() => {
    consumer.wake()
    expect(queue.gates).toHaveLength(1)
  })
  await stop()
})
