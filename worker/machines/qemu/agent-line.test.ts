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
let agent: AgentClient

/** A guest's end of the line, which answers its first ping with `pong`. */
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'agent-'))
  const control = path.join(dir, 'control')
  heard = ''
  server = createServer((socket) => {
    guest = socket
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
  expect(agent.canBecome).toBe(false)
  await pinged(' become')
  expect(agent.canBecome).toBe(true)
})

it('says nothing else while the agent runs a script', async () => {
  await pinged(' become')
  const script = 'echo ä\n'
  const code = agent.become({ script, timeoutMs: 10_000, signal: never })
  const said = agent.say('size 1 20 80')
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
    agent.become({ script: 'true\n', timeoutMs, signal }).catch((error: unknown) => error)
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
