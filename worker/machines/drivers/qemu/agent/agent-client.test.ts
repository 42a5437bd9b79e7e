import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AgentClient } from './agent-client'

const silent = expect.objectContaining({ code: 'machine.silent' })

class InspectableAgent extends AgentClient {
  get pendingRequests() {
    return this.listeners.size
  }
}

let dir: string
let servers: Server[]
let control: Socket | undefined
let channels: Socket[]
let agent: InspectableAgent

/** A guest that reads and never replies. */
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'agent-'))
  control = undefined
  channels = []
  const paths = { control: path.join(dir, 'control'), channel: path.join(dir, 'channel') }
  servers = [
    createServer((socket) => void (control = socket.resume())).listen(paths.control),
    createServer((socket) => void channels.push(socket.resume())).listen(paths.channel),
  ]
  await Promise.all(servers.map((server) => once(server, 'listening')))
  agent = new InspectableAgent({ control: paths.control, channel: () => paths.channel })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(async () => {
  vi.useRealTimers()
  agent.close()
  for (const server of servers) server.close()
  await rm(dir, { recursive: true })
})

const open = () => agent.openChannel({ kind: 'tcp', argument: 80 }).catch((error: unknown) => error)
const requestSent = () => expect.poll(() => control && channels.length).toBe(1)

async function expectCleanedUp() {
  await expect.poll(() => agent.pendingRequests).toBe(0)
  await expect.poll(() => channels.every((socket) => socket.closed)).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
}

it('cleans up a channel that the guest does not open in time', async () => {
  const opened = open()
  await requestSent()
  vi.advanceTimersByTime(15_000)
  expect(await opened).toEqual(silent)
  await expectCleanedUp()
})

it('cleans up a channel when the request cannot be sent', async () => {
  servers[0]!.close()
  expect(await open()).toEqual(silent)
  await expectCleanedUp()
})

it.each([
  ['the control channel closes', () => control!.destroy()],
  ['the data channel closes', () => channels[0]!.destroy()],
])('fails at once and cleans up when %s while a channel opens', async (_, close) => {
  const opened = open()
  await requestSent()
  close()
  expect(await opened).toEqual(silent)
  await expectCleanedUp()
})
