import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AgentClient } from './agent-client'
import { runScript } from './run-script'

let dir: string
let servers: Server[]
let agent: AgentClient
/** What a guest's script does on its channel, with the secret that ends its output. */
let script: (channel: Socket, secret: string) => void

/** A guest with one channel. */
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'agent-'))
  const control = path.join(dir, 'control')
  const channel = path.join(dir, 'channel')
  let secret = ''
  const onControl = (socket: Socket) =>
    socket.on('data', (bytes) => {
      const [, number, its] = /run (\w+) 1 \d+ (\w+)\n/.exec(bytes.toString()) ?? []
      if (its) secret = its
      if (number) socket.write(`open ${number}\n`)
    })
  const onChannel = (socket: Socket) => socket.once('data', () => script(socket, secret))
  servers = [createServer(onControl).listen(control), createServer(onChannel).listen(channel)]
  await Promise.all(servers.map((server) => once(server, 'listening')))
  agent = new AgentClient({ control, channel: () => channel })
})
afterEach(async () => {
  agent.close()
  for (const server of servers) server.close()
  await rm(dir, { recursive: true })
})

async function run() {
  const output: Buffer[] = []
  const { exitCode } = await runScript(agent, {
    script: 'true',
    timeoutMs: 4_000,
    signal: new AbortController().signal,
    onOutput: (bytes) => void output.push(Buffer.from(bytes)),
  })
  return { exitCode, output: Buffer.concat(output).toString() }
}

it('the end comes in pieces of any size, and no newline is needed before it', async () => {
  script = async (channel, secret) => {
    for (const letter of `all ${secret.slice(0, 9)} is well${secret} 143\n`)
      await new Promise((resolve) => channel.write(letter, resolve))
  }
  const { exitCode, output } = await run()
  expect(exitCode).toBe(143)
  expect(output).toMatch(/^all \w{9} is well$/)
})

it('a script that says the secret itself only prints it, whatever follows', async () => {
  const follows = ['', 'x\n', '1234\n', ' 1\n', '12', 'NaN\n']
  let said = ''
  script = (channel, secret) => {
    said = follows.map((what) => `${secret} ${what}`).join('')
    channel.write(`${said}${secret} 7\n`)
  }
  expect(await run()).toEqual({ exitCode: 7, output: said })
})

it('what is printed after the secret is passed on as it comes', async () => {
  const megabyte = 'x'.repeat(1024 ** 2)
  script = (channel, secret) => {
    channel.write(`${secret} ${megabyte}`)
    channel.end()
  }
  let bytes = 0
  const ended = runScript(agent, {
    script: 'true',
    timeoutMs: 4_000,
    signal: new AbortController().signal,
    onOutput: (chunk) => void (bytes += chunk.length),
  })
  await expect(ended).rejects.toMatchObject({ code: 'machine.silent' })
  expect(bytes).toBeGreaterThan(megabyte.length)
})
