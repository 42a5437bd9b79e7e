import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { ApiError, MeanwhileClient } from '../../client/client'
import { type Command, textFlag } from '../command'
import { CliError, EXIT } from '../exit-codes'
import { DEFAULT_URL, saveSettings } from '../settings'

export const loginCommand: Command = {
  usage: '[--url URL]',
  summary: 'Save a server and an API key, which is read from the terminal or from stdin',
  options: { url: { type: 'string' } },
  minArguments: 0,
  maxArguments: 0,
  async run({ output, signal }, input) {
    const url = textFlag(input, 'url') ?? process.env.MEANWHILE_URL ?? DEFAULT_URL
    if (isReadableOnTheWay(new URL(url)))
      output.note(`Warning: ${url} is not encrypted. Others on the network can read the key. Use https://.`)
    const keysPage = new URL('/account/keys', url).href
    if (process.stdin.isTTY) output.note(`Create an API key at ${keysPage}`)
    const apiKey = (process.stdin.isTTY ? await readSecret('API key: ') : await text(process.stdin)).trim()
    if (!apiKey) throw new CliError('No API key was given.', EXIT.usage)
    await checkKey(new MeanwhileClient({ url, apiKey }), signal)
    const file = await saveSettings({ url, apiKey })
    output.result({ url, file }, `Signed in to ${url}. The key is in ${file}.`)
  },
}

/** Whether the connection leaves this computer without encryption. */
export const isReadableOnTheWay = ({ protocol, hostname }: URL) =>
  protocol === 'http:' && !/^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)

/** @throws {ApiError} if the key is not valid */
async function checkKey(client: MeanwhileClient, signal: AbortSignal) {
  try {
    await client.request('GET /api/v1/tasks', { query: { limit: 1 }, signal })
  } catch (error) {
    // A valid key for uploads only.
    if (!(error instanceof ApiError && error.code === 'key.scope_missing')) throw error
  }
}

/** Reads a line without showing it. */
async function readSecret(prompt: string) {
  process.stderr.write(prompt)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  const interrupted = new Promise<string>((resolve) => lines.once('SIGINT', () => resolve('')))
  const line = await Promise.race([
    new Promise<string>((resolve) => lines.question('', resolve)),
    interrupted,
  ])
  lines.close()
  process.stderr.write('\n')
  return line
}
