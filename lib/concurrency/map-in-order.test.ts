import { expect, it } from 'vitest'
import { mapInOrder } from './map-in-order'

async function* count(to: number) {
  for (let n = 1; n <= to; n++) yield n
}

/** Maps numbers by calls that end when they are released. */
function createMapping() {
  const calls = new Map<number, PromiseWithResolvers<string>>()
  return {
    calls,
    map: (n: number) => {
      const call = Promise.withResolvers<string>()
      calls.set(n, call)
      return call.promise
    },
    release: (n: number) => calls.get(n)!.resolve(`result ${n}`),
  }
}

const settle = () => new Promise(setImmediate)

it('makes as many calls at once as the limit allows, and yields in the order of the items', async () => {
  const { calls, map, release } = createMapping()
  const results = mapInOrder(count(4), { limit: 2, map })
  const first = results.next()
  await settle()
  expect([...calls.keys()]).toEqual([1, 2])
  release(2)
  await settle()
  expect([...calls.keys()]).toEqual([1, 2, 3])
  release(1)
  expect(await first).toEqual({ done: false, value: 'result 1' })
  await settle()
  release(3)
  release(4)
  const rest: string[] = []
  for await (const result of results) rest.push(result)
  expect(rest).toEqual(['result 2', 'result 3', 'result 4'])
})

it('does not run ahead of its consumer without limit', async () => {
  const mapped: number[] = []
  const results = mapInOrder(count(100), { limit: 2, map: async (n) => mapped.push(n) })
  await results.next()
  await settle()
  expect(mapped.length).toBeLessThanOrEqual(5)
  await results.return()
})

it('throws a failure after the results before it, and makes no more calls', async () => {
  const mapped: number[] = []
  const map = async (n: number) => {
    mapped.push(n)
    if (n === 2) throw new Error('broken')
    return n
  }
  const results: number[] = []
  const consume = async () => {
    for await (const result of mapInOrder(count(100), { limit: 1, map })) results.push(result)
  }
  await expect(consume()).rejects.toThrow('broken')
  expect(results).toEqual([1])
  const callCount = mapped.length
  await settle()
  expect(mapped).toHaveLength(callCount)
})
