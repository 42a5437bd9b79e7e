import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { ConnectionLimiter } from './connection-limiter'

it('lets six in at once; the next goes in when one leaves, and those of another machine do not wait', async () => {
  const opened: PassThrough[] = []
  const connect = async () => {
    const connection = new PassThrough()
    opened.push(connection)
    return connection
  }
  const door = new ConnectionLimiter({ connect })
  const all = Array.from({ length: 8 }, () => door.connect('one', 80))
  await Promise.all(all.slice(0, 6))
  await door.connect('two', 80)
  expect(opened).toHaveLength(7)
  opened[0]!.destroy()
  await all[6]
  expect(opened).toHaveLength(8)
  // The service has closed, and nobody here has yet.
  opened[1]!.push(null)
  opened[1]!.resume()
  await all[7]
  expect(opened).toHaveLength(9)
})

it('keeps no place for one that was not let in', async () => {
  const door = new ConnectionLimiter({ connect: () => Promise.reject(new Error('it does not run')) })
  for (let n = 0; n < 10; n++) await expect(door.connect('one', 80)).rejects.toThrow('it does not run')
})
