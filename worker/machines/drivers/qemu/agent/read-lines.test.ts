import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { expect, it, onTestFinished, vi } from 'vitest'
import { readLines } from './read-lines'

async function connectPair() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const guest = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [host] = (await once(server, 'connection')) as [Socket]
  for (const socket of [guest, host]) socket.on('error', () => undefined)
  onTestFinished(() => {
    guest.destroy()
    host.destroy()
    server.close()
  })
  return { guest, host }
}

it('stops reading a guest that floods it with empty lines, without blocking or buffering', async () => {
  const { guest, host } = await connectPair()
  let lines = 0
  readLines(host, () => void lines++)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  const { heapUsed } = process.memoryUsage()
  delay.enable()
  const flood = Buffer.alloc(64 * 1024, '\n')
  let isBlocked = false
  while (!isBlocked) isBlocked = !guest.write(flood) && guest.writableLength > 32 * 1024 ** 2
  await vi.waitFor(() => expect(lines).toBeGreaterThanOrEqual(2_000), { timeout: 5_000 })
  delay.disable()
  expect(lines).toBeLessThanOrEqual(5_000)
  expect(delay.max / 1e6).toBeLessThan(100)
  expect(host.bytesRead).toBeLessThan(4 * 1024 ** 2)
  expect(process.memoryUsage().heapUsed - heapUsed).toBeLessThan(64 * 1024 ** 2)
})

it('delivers all lines of a burst, in order', async () => {
  const { guest, host } = await connectPair()
  const lines: string[] = []
  readLines(host, (line) => lines.push(line), { maxLinesPerWindow: 10 })
  const sent = Array.from({ length: 250 }, (_, n) => `line ${n}`)
  guest.write(`${sent.join('\n')}\n`)
  await vi.waitFor(() => expect(lines).toEqual(sent), { timeout: 10_000 })
})
