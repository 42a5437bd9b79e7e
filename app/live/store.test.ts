import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { TaskDto } from '@/lib/tasks/schema'
import { createLiveStore, mergeInitial } from './store'

const task = (version: number) => ({ id: 'one', version, progress: version / 100 }) as TaskDto

it('converges on the newest version when events are lost, duplicated or reordered', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1 }), (versions) => {
      const store = createLiveStore()
      for (const version of versions) store.upsert({ tasks: [task(version)] })
      expect(store.read().tasks.get('one')?.version).toBe(Math.max(...versions))
    }),
  )
})

it('ignores updates to removed rows', () => {
  const store = createLiveStore()
  store.upsert({ tasks: [task(1)] })
  store.remove(['one'])
  store.upsert({ tasks: [task(2)] })
  expect(store.read().tasks.size).toBe(0)
})

it('omits removed rows of the seed', () => {
  const store = createLiveStore()
  const seed = { tasks: [task(1)] }
  expect([...mergeInitial(store.read(), seed).tasks.keys()]).toEqual(['one'])
  store.upsert(seed)
  store.remove(['one'])
  expect(mergeInitial(store.read(), seed).tasks.size).toBe(0)
})

it('splits all known versions into parts that fit into a message', () => {
  const store = createLiveStore()
  expect(store.knownVersions()).toEqual([{}])
  const ids = Array.from({ length: 25_000 }, () => crypto.randomUUID())
  store.upsert({ tasks: ids.map((id) => ({ ...task(1_234_567), id })) })
  const parts = store.knownVersions()
  for (const part of parts) expect(JSON.stringify(part).length).toBeLessThan(600_000)
  expect(parts.flatMap((part) => Object.keys(part))).toEqual(ids)
})

it('applies estimates to tasks that have not ended, until a newer version arrives', () => {
  const store = createLiveStore()
  const estimate = { etaSeconds: 40, etaRangeSeconds: { low: 30, high: 50 }, startsInSeconds: null }
  const running = { ...task(1), state: 'in_progress', etaSeconds: 90 } as TaskDto
  store.upsert({ tasks: [running] })
  store.setEstimates({ one: estimate, unknown: estimate })
  expect([...store.read().tasks.values()]).toEqual([{ ...running, ...estimate }])
  store.setEstimates({})
  expect(store.read().tasks.get('one')).toMatchObject({ etaSeconds: null, etaRangeSeconds: null })
  const done = { ...task(2), state: 'done', etaSeconds: null } as TaskDto
  store.upsert({ tasks: [done] })
  store.setEstimates({ one: estimate })
  expect(store.read().tasks.get('one')).toEqual(done)
})
