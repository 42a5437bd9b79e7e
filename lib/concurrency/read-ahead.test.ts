import { expect, it } from 'vitest'
import { readAhead } from './read-ahead'

/** Counts up to 3, recording what is read and whether the end was reached. */
function createSource(failAt?: number) {
  const events: string[] = []
  const source = (async function* () {
    try {
      for (let n = 1; n <= 3; n++) {
        events.push(`read ${n}`)
        if (n === failAt) throw new Error('broken')
        yield n
      }
    } finally {
      events.push('closed')
    }
  })()
  return { events, source }
}

it('reads one item ahead, from the start', async () => {
  const { events, source } = createSource()
  const ahead = readAhead(source)
  await Promise.resolve()
  expect(events).toEqual(['read 1'])
  const items: number[] = []
  for await (const item of ahead) {
    items.push(item)
    events.push(`used ${item}`)
    await new Promise(setImmediate)
  }
  expect(items).toEqual([1, 2, 3])
  expect(events).toEqual(['read 1', 'read 2', 'used 1', 'read 3', 'used 2', 'closed', 'used 3'])
})

it('throws an error of the source after the items before it', async () => {
  const items: number[] = []
  const consume = async () => {
    for await (const item of readAhead(createSource(2).source)) items.push(item)
  }
  await expect(consume()).rejects.toThrow('broken')
  expect(items).toEqual([1])
})

it('ends the source when it is closed, even if nothing was consumed', async () => {
  const { events, source } = createSource()
  await readAhead(source).close()
  expect(events).toEqual(['read 1', 'closed'])
})
