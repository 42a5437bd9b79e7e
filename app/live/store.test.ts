import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { TaskDto } from '@/lib/tasks/schema'
import { createLiveStore, mergeInitial } from './store'

const task = (version: number) => ({ id: 'one', version, progress: version / 100 }) as TaskDto

it('ends at the newest version however events are lost, doubled or reordered', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1 }), (versions) => {
      const store = createLiveStore()
      for (const version of versions) store.add({ tasks: [task(version)] })
      expect(store.read().tasks.get('one')?.version).toBe(Math.max(...versions))
    }),
  )
})

it('never shows again what is gone', () => {
  const store = createLiveStore()
  store.add({ tasks: [task(1)] })
  store.remove(['one'])
  store.add({ tasks: [task(2)] })
  expect(store.read().tasks.size).toBe(0)
})

it('does not show what is gone for the page was made with it', () => {
  const store = createLiveStore()
  const seed = { tasks: [task(1)] }
  expect([...mergeInitial(store.read(), seed).tasks.keys()]).toEqual(['one'])
  store.add(seed)
  store.remove(['one'])
  expect(mergeInitial(store.read(), seed).tasks.size).toBe(0)
})

it('tells what it knows in parts that fit into a message, and all of it', () => {
  const store = createLiveStore()
  expect(store.known()).toEqual([{}])
  const ids = Array.from({ length: 25_000 }, () => crypto.randomUUID())
  store.add({ tasks: ids.map((id) => ({ ...task(1_234_567), id })) })
  const parts = store.known()
  for (const part of parts) expect(JSON.stringify(part).length).toBeLessThan(600_000)
  expect(parts.flatMap((part) => Object.keys(part))).toEqual(ids)
})
