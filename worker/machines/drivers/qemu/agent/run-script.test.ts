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
/** Simulates the script on its channel; `token` ends the output. */
let script: (channel: Socket, token: string) => void

/** A guest with one channel. */
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'agent-'))
  const control = path.join(dir, 'control')
  const channel = path.join(dir, 'channel')
  let token = ''
  const onControl = (socket: Socket) =>
    socket.on('data', (bytes) => {
      const [, number, requestToken] = /run (\w+) 1 \d+ (\w+)\n/.exec(bytes.toString()) ?? []
      if (requestToken) token = requestToken
      if (number) socket.write(`open ${number}\n`)
    })
  const onChannel = (socket: Socket) => socket.once('data', () => script(socket, token))
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

it('detects the end of the output in chunks of any size and without a newline before it', async () => {
  script = async (channel, token) => {
    for (const letter of `all ${token.slice(0, 9)} is well${token} 143\n`)
      await new Promise((resolve) => channel.write(letter, resolve))
  }
  const { exitCode, output } = await run()
  expect(exitCode).toBe(143)
  expect(output).toMatch(/^all \w{9} is well$/)
})

it('treats the token as output when no exit code follows it', async () => {
  const suffixes = ['', 'x\n', '1234\n', ' 1\n', '12', 'NaN\n']
  let printed = ''
  script = (channel, token) => {
    printed = suffixes.map((suffix) => `${token} ${suffix}`).join('')
    channel.write(`${printed}${token} 7\n`)
  }
  expect(await run()).toEqual({ exitCode: 7, output: printed })
})

it('streams output that follows the token', async () => {
  const megabyte = 'x'.repeat(1024 ** 2)
  script = (channel, token) => {
    channel.write(`${token} ${megabyte}`)
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
