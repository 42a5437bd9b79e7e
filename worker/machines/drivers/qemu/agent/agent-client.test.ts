import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AgentClient } from './agent-client'

const silent = expect.objectContaining({ code: 'machine.silent' })

class WatchedAgent extends AgentClient {
  get waiting() {
    return this.listeners.size
  }
}

let dir: string
let servers: Server[]
let control: Socket | undefined
let channels: Socket[]
let agent: WatchedAgent

/** A guest that hears, and says nothing. */
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'agent-'))
  control = undefined
  channels = []
  const at = { control: path.join(dir, 'control'), channel: path.join(dir, 'channel') }
  servers = [
    createServer((socket) => void (control = socket.resume())).listen(at.control),
    createServer((socket) => void channels.push(socket.resume())).listen(at.channel),
  ]
  await Promise.all(servers.map((server) => once(server, 'listening')))
  agent = new WatchedAgent({ control: at.control, channel: () => at.channel })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(async () => {
  vi.useRealTimers()
  agent.close()
  for (const server of servers) server.close()
  await rm(dir, { recursive: true })
})

const open = () => agent.openChannel('tcp', 80).catch((error: unknown) => error)
const isAsked = () => expect.poll(() => control && channels.length).toBe(1)

async function nothingIsLeft() {
  await expect.poll(() => agent.waiting).toBe(0)
  await expect.poll(() => channels.every((socket) => socket.closed)).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
}

it('a channel that the guest does not open in time leaves nothing behind', async () => {
  const opened = open()
  await isAsked()
  vi.advanceTimersByTime(15_000)
  expect(await opened).toEqual(silent)
  await nothingIsLeft()
})

it('nor does one that cannot be asked for', async () => {
  servers[0]!.close()
  expect(await open()).toEqual(silent)
  await nothingIsLeft()
})

it.each([
  ['whose line breaks', () => control!.destroy()],
  ['that is gone itself', () => channels[0]!.destroy()],
])('nor one %s, which is not waited for', async (_, end) => {
  const opened = open()
  await isAsked()
  end()
  expect(await opened).toEqual(silent)
  await nothingIsLeft()
})
