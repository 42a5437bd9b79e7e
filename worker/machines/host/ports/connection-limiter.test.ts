import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { ConnectionLimiter } from './connection-limiter'

it('leaves two streams of each machine free, and opens the next connection when one closes', async () => {
  const opened: PassThrough[] = []
  const connect = async () => {
    const connection = new PassThrough()
    opened.push(connection)
    return connection
  }
  const limiter = new ConnectionLimiter({ connect, maxStreamsPerMachine: 8 })
  const all = Array.from({ length: 8 }, () => limiter.connect('one', 80))
  await Promise.all(all.slice(0, 6))
  await limiter.connect('two', 80)
  expect(opened).toHaveLength(7)
  opened[0]!.destroy()
  await all[6]
  expect(opened).toHaveLength(8)
  // The guest has closed its side; this side is still open.
  opened[1]!.push(null)
  opened[1]!.resume()
  await all[7]
  expect(opened).toHaveLength(9)
})

it('releases the slot of a connection that fails to open', async () => {
  const connect = () => Promise.reject(new Error('not running'))
  const limiter = new ConnectionLimiter({ connect, maxStreamsPerMachine: 8 })
  for (let n = 0; n < 10; n++) await expect(limiter.connect('one', 80)).rejects.toThrow('not running')
})
