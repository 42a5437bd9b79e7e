import { expect, it } from 'vitest'
import { KeyedLock } from './keyed-lock'

it('runs calls with the same key one at a time, even if one fails', async () => {
  const lock = new KeyedLock()
  const events: string[] = []
  const work = (name: string) => async () => {
    events.push(`${name} starts`)
    await Promise.resolve()
    events.push(`${name} ends`)
    if (name === 'first') throw new Error('failed')
  }
  const [first] = await Promise.allSettled([lock.run('a', work('first')), lock.run('a', work('second'))])
  expect(first.status).toBe('rejected')
  expect(events).toEqual(['first starts', 'first ends', 'second starts', 'second ends'])
})

it('runs calls with different keys concurrently', async () => {
  const lock = new KeyedLock()
  const gate = Promise.withResolvers<void>()
  const held = lock.run('a', () => gate.promise)
  expect(await lock.run('b', async () => 'done')).toBe('done')
  gate.resolve()
  await held
})

it('reports a key as held until the last call has settled', async () => {
  const lock = new KeyedLock()
  const gate = Promise.withResolvers<void>()
  const held = lock.run('a', () => gate.promise)
  expect(lock.isHeld('a')).toBe(true)
  gate.resolve()
  await held
  expect(lock.isHeld('a')).toBe(false)
})

it('rejects a call that is aborted while it waits, without running its work', async () => {
  const lock = new KeyedLock()
  const gate = Promise.withResolvers<void>()
  const held = lock.run('a', () => gate.promise)
  const controller = new AbortController()
  let hasRun = false
  const waiting = lock.run('a', async () => void (hasRun = true), { signal: controller.signal })
  controller.abort(new Error('canceled'))
  await expect(waiting).rejects.toThrow('canceled')
  gate.resolve()
  await held
  await lock.run('a', async () => undefined)
  expect(hasRun).toBe(false)
})

it('does not interrupt work that has started when the signal aborts', async () => {
  const lock = new KeyedLock()
  const controller = new AbortController()
  const gate = Promise.withResolvers<string>()
  const run = lock.run('a', () => gate.promise, { signal: controller.signal })
  await Promise.resolve()
  controller.abort(new Error('canceled'))
  gate.resolve('finished')
  expect(await run).toBe('finished')
})
