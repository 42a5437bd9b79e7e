import { expect, it } from 'vitest'
import { Semaphore } from './semaphore'

it('runs up to its limit concurrently per key and the others in order', async () => {
  const semaphore = new Semaphore(2)
  const started: number[] = []
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
  const runs = gates.map(({ promise }, n) =>
    semaphore.run('a', () => {
      started.push(n)
      return promise
    }),
  )
  await semaphore.run('b', async () => undefined)
  expect(started).toEqual([0, 1])
  gates[1]!.resolve()
  await runs[1]
  await expect.poll(() => started).toEqual([0, 1, 2])
  for (const gate of gates) gate.resolve()
  await Promise.all(runs)
  expect(started).toEqual([0, 1, 2, 3])
  expect(semaphore.isHeld('a')).toBe(false)
})

it('passes a released slot to the first waiter rather than to a later call', async () => {
  const semaphore = new Semaphore(1)
  const release = await semaphore.acquire('a')
  const waiter = semaphore.acquire('a')
  release()
  expect(semaphore.tryAcquire('a')).toBeNull()
  ;(await waiter)()
  expect(semaphore.tryAcquire('a')).not.toBeNull()
})

it('ignores a second release of the same slot', async () => {
  const semaphore = new Semaphore(1)
  const release = await semaphore.acquire('a')
  release()
  const held = await semaphore.acquire('a')
  release()
  expect(semaphore.tryAcquire('a')).toBeNull()
  held()
})

it('rejects an aborted waiter at once without acquiring a slot', async () => {
  const semaphore = new Semaphore(1)
  const release = await semaphore.acquire('a')
  const controller = new AbortController()
  const waiter = semaphore.acquire('a', { signal: controller.signal })
  controller.abort(new Error('canceled'))
  await expect(waiter).rejects.toThrow('canceled')
  await expect(semaphore.acquire('b', { signal: controller.signal })).rejects.toThrow('canceled')
  release()
  expect(semaphore.isHeld('a')).toBe(false)
  expect(semaphore.isHeld('b')).toBe(false)
})

it('releases the slot of work that fails', async () => {
  const semaphore = new Semaphore(1)
  await expect(semaphore.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(semaphore.isHeld('a')).toBe(false)
})
