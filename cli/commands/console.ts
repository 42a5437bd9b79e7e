import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { io, type Socket } from 'socket.io-client'
import type { MeanwhileClient } from '../../client/client'
import {
  CONSOLE_NAMESPACE,
  type ConsoleClientEvents,
  type ConsoleServerEvents,
} from '../../lib/machines/console-protocol'
import { SOCKET_PATH } from '../../lib/realtime/collections'
import type { CliContext, Command } from '../command'
import { CliError, EXIT } from '../exit-codes'
import { findMachine } from '../find-machine'
import { forReplay } from '../replay-output'

/** Ctrl-], as in telnet. */
const LEAVE_KEY = 0x1d
const RETRY_MS = 1_000
/** How much of the earlier output is shown at first. */
const REPLAYED_BYTES = 4_096
/** Without a terminal: the console is left when stdin has ended and nothing was printed for this long. */
const QUIET_MS = 2_000

type ConsoleSocket = Socket<ConsoleServerEvents, ConsoleClientEvents>
type Terminal = NodeJS.ReadStream & Readable

export const consoleCommand: Command = {
  usage: 'MACHINE',
  summary: 'Open the console of a machine in this terminal. Ctrl-] leaves it',
  minArguments: 1,
  maxArguments: 1,
  async run(context, { args: [nameOrId] }) {
    const client = await context.connect()
    const machine = await findMachine(client, nameOrId!, context.signal)
    if (machine.state !== 'running') throw new CliError(`${machine.name} is ${machine.state}, not running.`)
    const { stdin, stdout } = process
    if (stdin.isTTY) context.output.note(`Console of ${machine.name}. Ctrl-] leaves it.`)
    return new ConsoleSession({ context, client, machineId: machine.id, stdin, stdout }).run()
  },
}

interface Options {
  context: CliContext
  client: MeanwhileClient
  machineId: string
  stdin: Terminal
  stdout: Writable & { columns?: number; rows?: number }
}

/** The terminal of the user at the console of a machine. */
class ConsoleSession {
  private readonly ended: Promise<number>
  private end!: (exitCode: number) => void
  private fail!: (error: Error) => void
  private readonly socket: ConsoleSocket
  /** Bytes of the recording that were shown; null until the first connection. */
  private shownBytes: number | null = null
  private retry: ReturnType<typeof setTimeout> | undefined
  private quiet: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly options: Options) {
    const { client } = options
    this.ended = new Promise((resolve, reject) => {
      this.end = resolve
      this.fail = reject
    })
    this.socket = io(new URL(CONSOLE_NAMESPACE, client.url).href, {
      path: SOCKET_PATH,
      transports: ['websocket'],
      extraHeaders: client.authorization,
      auth: (authorize) => void this.createToken().then(authorize),
    })
  }

  /** Resolves to the exit code when the user leaves or the machine stops. */
  async run() {
    const { stdin, stdout, context } = this.options
    const resize = () => this.sendSize()
    const interrupt = () => this.end(EXIT.interrupted)
    this.listen()
    stdin.setRawMode?.(true)
    stdin.on('data', this.onInput)
    stdin.once('end', this.onInputEnd)
    stdout.on('resize', resize)
    context.signal.addEventListener('abort', interrupt)
    try {
      return await this.ended
    } finally {
      clearTimeout(this.retry)
      clearTimeout(this.quiet)
      // Otherwise it would reconnect.
      this.socket.off().disconnect()
      stdin.setRawMode?.(false)
      stdin.off('data', this.onInput)
      stdin.pause()
      stdout.off('resize', resize)
      if (stdin.isTTY) context.output.note('\nYou have left the console. The machine keeps running.')
    }
  }

  private async createToken() {
    const { client, machineId, context } = this.options
    try {
      const request = { params: { id: machineId }, signal: context.signal }
      const { token } = await client.request('POST /api/v1/machines/{id}/console', request)
      return { token }
    } catch (error) {
      // A lost connection is repeated; a refusal is not.
      if (error instanceof Error && error.name === 'ApiError') this.fail(error)
      return { token: '' }
    }
  }

  private listen() {
    const { socket } = this
    socket.on('recording', (bytes) => this.showRecording(Buffer.from(bytes)))
    socket.on('output', (bytes, acknowledge) => void this.show(Buffer.from(bytes)).then(acknowledge))
    socket.on('skipped', (bytes) => this.options.context.output.note(`… ${bytes} bytes are left out …`))
    socket.on('ended', () => {
      this.options.context.output.note('The machine has stopped.')
      this.end(EXIT.ok)
    })
    socket.on('disconnect', () => this.reconnect())
    socket.on('connect_error', () => this.reconnect())
  }

  /** Socket.IO does not reconnect after a refusal or a disconnect by the server. */
  private reconnect() {
    clearTimeout(this.retry)
    if (!this.socket.active) this.retry = setTimeout(() => this.socket.connect(), RETRY_MS)
  }

  /** Shows the end of what the machine has printed earlier, and after a lost connection what was missed. */
  private showRecording(bytes: Buffer) {
    const missed = this.shownBytes === null ? REPLAYED_BYTES : Math.max(0, bytes.length - this.shownBytes)
    this.shownBytes = bytes.length
    this.sendSize()
    if (missed > 0) this.options.stdout.write(forReplay(bytes.subarray(-missed)))
    this.onConnected()
  }

  /** Input that arrives before waits in the stream. */
  private onConnected() {
    if (this.options.stdin.isPaused() || !this.options.stdin.readableFlowing) this.options.stdin.resume()
  }

  private async show(bytes: Buffer) {
    this.shownBytes = (this.shownBytes ?? 0) + bytes.length
    this.quiet?.refresh()
    if (!this.options.stdout.write(bytes)) await once(this.options.stdout, 'drain')
  }

  private readonly onInput = (chunk: Buffer) => {
    const { isTTY } = this.options.stdin
    const end = isTTY ? chunk.indexOf(LEAVE_KEY) : -1
    const bytes = end === -1 ? chunk : chunk.subarray(0, end)
    // A terminal sends CR for Enter; lines of a file end with LF.
    const typed = isTTY ? bytes : Buffer.from(bytes.toString('latin1').replaceAll(/\r?\n/g, '\r'), 'latin1')
    if (typed.length > 0) this.socket.emit('input', typed)
    if (end !== -1) this.end(EXIT.ok)
  }

  private readonly onInputEnd = () => {
    this.quiet = setTimeout(() => this.end(EXIT.ok), QUIET_MS)
  }

  private sendSize() {
    const { columns, rows } = this.options.stdout
    if (columns && rows) this.socket.emit('resize', { columns, rows })
  }
}
