import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AgentClient } from './agent-client'

const never = new AbortController().signal
const silent = expect.objectContaining({ code: 'machine.silent' })
let dir: string
let server: Server
let guest: Socket
let heard: string
let connections: number
let agent: AgentClient

/** A guest's end of the line, which answers its first ping with `pong`. */
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'agent-'))
  const control = path.join(dir, 'control')
  heard = ''
  connections = 0
  server = createServer((socket) => {
    connections++
    guest = socket
    // The host may break the line while the guest talks.
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => (heard += bytes.toString()))
  }).listen(control)
  await once(server, 'listening')
  agent = new AgentClient({ control, channel: () => '' })
})
afterEach(async () => {
  agent.close()
  server.close()
  await rm(dir, { recursive: true })
})

const hears = (pattern: RegExp) => expect.poll(() => pattern.exec(heard)?.slice(1)).toBeTruthy()
const numberOf = (word: string) => new RegExp(`${word} (\\w+)`).exec(heard)![1]!

async function pinged(skills: string) {
  heard = ''
  const answered = agent.ping(never)
  await hears(/ping \w+\n/)
  guest.write(`pong ${numberOf('ping')}${skills}\n`)
  await answered
}

it('knows what an agent can by its answer to a ping', async () => {
  await pinged('')
  expect(agent.canRunInline).toBe(false)
  await pinged(' become')
  expect(agent.canRunInline).toBe(true)
})

it('says nothing else while the agent runs a script', async () => {
  await pinged(' become')
  const script = 'echo ä\n'
  const code = agent.runInline({ script, timeoutMs: 10_000, signal: never })
  const said = agent.send('size 1 20 80')
  await hears(/become \w+ 8\necho ä\n$/)
  expect(heard).not.toContain('size')
  guest.write(`done ${numberOf('become')} 3\n`)
  expect(await code).toBe(3)
  await said
  await hears(/size 1 20 80\n$/)
})

it('a script’s end is not waited for from an agent that started anew, is gone, or takes too long', async () => {
  await pinged(' become')
  const become = (timeoutMs: number, signal = never) =>
    agent.runInline({ script: 'true\n', timeoutMs, signal }).catch((error: unknown) => error)
  const anew = become(10_000)
  await hears(/become \w+ 5\ntrue\n$/)
  guest.write('\nready\n')
  expect(await anew).toEqual(silent)
  expect(await become(10)).toEqual(silent)
  const stop = new AbortController()
  const unwanted = become(10_000, stop.signal)
  stop.abort(new Error('not any more'))
  expect(await unwanted).toMatchObject({ message: 'not any more' })
  const lost = become(10_000)
  await hears(/(become \w+ 5\ntrue\n){4}$/)
  guest.destroy()
  expect(await lost).toEqual(silent)
})

it('hears what a guest says in pieces of any size', async () => {
  const answered = agent.ping(never)
  await hears(/ping \w+\n/)
  guest.setNoDelay()
  for (const letter of `\r\nready\r\nwhat is this\npong ${numberOf('ping')} become\r\n`)
    await new Promise((resolve) => guest.write(letter, resolve))
  await answered
  expect(agent.canRunInline).toBe(true)
})

it('a line without end breaks the connection, however often the guest tries', async () => {
  await pinged(' become')
  const code = agent.runInline({ script: 'true\n', timeoutMs: 10_000, signal: never })
  const lost = code.catch((error: unknown) => error)
  await hears(/become \w+ 5\ntrue\n$/)
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

it('a guest that does not listen is not talked to without end', async () => {
  await pinged('')
  const answered = agent.ping(never)
  await hears(/ping \w+\nping \w+\n/)
  const number = /ping (\w+)\n$/.exec(heard)![1]
  guest.pause()
  guest.write(`${'ready\n'.repeat(40_000)}pong ${number}\n`)
  await answered
  guest.resume()
  const isSaid = () =>
    agent.send('size 0 1 1').then(
      () => true,
      () => false,
    )
  await expect.poll(isSaid).toBe(true)
  await hears(/size 0 1 1\n$/)
  expect(heard.length).toBeLessThan(512 * 1024)
})
