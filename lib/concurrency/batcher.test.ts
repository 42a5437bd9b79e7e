import { expect, it } from 'vitest'
import { Batcher } from './batcher'

function createBatcher(options?: ConstructorParameters<typeof Batcher>[1]) {
  const batches: number[][] = []
  const gates: PromiseWithResolvers<void>[] = []
  const batcher = new Batcher(async (items: readonly number[]) => {
    batches.push([...items])
    const gate = Promise.withResolvers<void>()
    gates.push(gate)
    await gate.promise
    return items.map((item) => item * 10)
  }, options)
  return { batcher, batches, gates }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

it('processes the items that are added during a batch together, one batch at a time', async () => {
  const { batcher, batches, gates } = createBatcher()
  const first = [batcher.add(1), batcher.add(2)]
  await nextTurn()
  const second = [batcher.add(3), batcher.add(4)]
  await nextTurn()
  expect(batches).toEqual([[1, 2]])
  gates[0]!.resolve()
  expect(await Promise.all(first)).toEqual([10, 20])
  gates[1]!.resolve()
  expect(await Promise.all(second)).toEqual([30, 40])
  expect(batches).toEqual([
    [1, 2],
    [3, 4],
  ])
})

it('rejects all items of a batch that fails, and processes the next one', async () => {
  const { batcher, gates } = createBatcher({ maxSize: 1 })
  const [first, second] = [batcher.add(1), batcher.add(2)]
  await nextTurn()
  gates[0]!.reject(new Error('lost'))
  await expect(first).rejects.toThrow('lost')
  gates[1]!.resolve()
  expect(await second).toBe(20)
})

it('processes batches at the same time if it may', async () => {
  const { batcher, batches, gates } = createBatcher({ maxConcurrent: 2 })
  const first = batcher.add(1)
  await nextTurn()
  const second = [batcher.add(2), batcher.add(3)]
  await nextTurn()
  const third = batcher.add(4)
  await nextTurn()
  expect(batches).toEqual([[1], [2, 3]])
  gates[1]!.resolve()
  expect(await Promise.all(second)).toEqual([20, 30])
  expect(batches).toEqual([[1], [2, 3], [4]])
  gates[0]!.resolve()
  gates[2]!.resolve()
  expect(await Promise.all([first, third])).toEqual([10, 40])
})
