import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AgentClient } from './agent-client'

const neverAborted = new AbortController().signal
const silent = expect.objectContaining({ code: 'machine.silent' })
let dir: string
let server: Server
let guest: Socket
let received: string
let connections: number
let agent: AgentClient

/** The guest side of the control channel. */
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'agent-'))
  const control = path.join(dir, 'control')
  received = ''
  connections = 0
  server = createServer((socket) => {
    connections++
    guest = socket
    // The host may close the connection while the guest writes.
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => (received += bytes.toString()))
  }).listen(control)
  await once(server, 'listening')
  agent = new AgentClient({ control, channel: () => '' })
})
afterEach(async () => {
  agent.close()
  server.close()
  await rm(dir, { recursive: true })
})

const waitForRequest = (pattern: RegExp) => expect.poll(() => pattern.exec(received)?.slice(1)).toBeTruthy()
const findNumber = (word: string) => new RegExp(`${word} (\\w+)`).exec(received)![1]!

async function answerPing(capabilities: string) {
  received = ''
  const answered = agent.ping(neverAborted)
  await waitForRequest(/ping \w+\n/)
  guest.write(`pong ${findNumber('ping')}${capabilities}\n`)
  await answered
}

it('learns the capabilities of an agent from its reply to a ping', async () => {
  await answerPing('')
  expect(agent.canRunInline).toBe(false)
  await answerPing(' become')
  expect(agent.canRunInline).toBe(true)
})

it('sends no other request while the agent runs a script inline', async () => {
  await answerPing(' become')
  const script = 'echo ä\n'
  const code = agent.runInline({ script, timeoutMs: 10_000, signal: neverAborted })
  const sent = agent.send('size 1 20 80')
  await waitForRequest(/become \w+ 8\necho ä\n$/)
  expect(received).not.toContain('size')
  guest.write(`done ${findNumber('become')} 3\n`)
  expect(await code).toBe(3)
  await sent
  await waitForRequest(/size 1 20 80\n$/)
})

it('rejects an inline script when the agent restarts, disconnects or exceeds the timeout, and on abort', async () => {
  await answerPing(' become')
  const runInline = (timeoutMs: number, signal = neverAborted) =>
    agent.runInline({ script: 'true\n', timeoutMs, signal }).catch((error: unknown) => error)
  const restarted = runInline(10_000)
  await waitForRequest(/become \w+ 5\ntrue\n$/)
  guest.write('\nready\n')
  expect(await restarted).toEqual(silent)
  expect(await runInline(10)).toEqual(silent)
  const stop = new AbortController()
  const aborted = runInline(10_000, stop.signal)
  stop.abort(new Error('canceled'))
  expect(await aborted).toMatchObject({ message: 'canceled' })
  const lost = runInline(10_000)
  await waitForRequest(/(become \w+ 5\ntrue\n){4}$/)
  guest.destroy()
  expect(await lost).toEqual(silent)
})

it('parses replies that arrive in chunks of any size', async () => {
  const answered = agent.ping(neverAborted)
  await waitForRequest(/ping \w+\n/)
  guest.setNoDelay()
  for (const letter of `\r\nready\r\nunknown reply\npong ${findNumber('ping')} become\r\n`)
    await new Promise((resolve) => guest.write(letter, resolve))
  await answered
  expect(agent.canRunInline).toBe(true)
})

it('closes the connection on an endless line, each time the guest sends one', async () => {
  await answerPing(' become')
  const code = agent.runInline({ script: 'true\n', timeoutMs: 10_000, signal: neverAborted })
  const lost = code.catch((error: unknown) => error)
  await waitForRequest(/become \w+ 5\ntrue\n$/)
  const closed = new Promise((resolve) => guest.once('close', resolve))
  guest.write('a'.repeat(1024 ** 2))
  await closed
  expect(await lost).toEqual(silent)
  connections = 0
  server.on('connection', (socket) => socket.write('a'.repeat(64 * 1024)))
  await expect(agent.ping(AbortSignal.timeout(1_200))).rejects.toThrow()
  expect(connections).toBeGreaterThan(1)
  expect(connections).toBeLessThan(5)
})

it('limits the backlog for a guest that does not read', async () => {
  await answerPing('')
  const answered = agent.ping(neverAborted)
  await waitForRequest(/ping \w+\nping \w+\n/)
  const number = /ping (\w+)\n$/.exec(received)![1]
  guest.pause()
  guest.write(`${'ready\n'.repeat(40_000)}pong ${number}\n`)
  await answered
  guest.resume()
  const isSent = () =>
    agent.send('size 0 1 1').then(
      () => true,
      () => false,
    )
  await expect.poll(isSent).toBe(true)
  await waitForRequest(/size 0 1 1\n$/)
  expect(received.length).toBeLessThan(512 * 1024)
})
