import { AppError } from '@/lib/errors'
import { readLines } from '../agent/read-lines'
import { connectUnixSocket } from '../unix-socket'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

export interface QmpClient {
  /** @throws {AppError} machine.monitor with the error description of QEMU */
  execute<T = unknown>(command: string, args?: Record<string, unknown>): Promise<T>
}

interface QmpReply {
  id?: number
  QMP?: unknown
  return?: unknown
  error?: { desc: string }
}

const MAX_REPLY_LENGTH = 1024 ** 2
const QMP_TIMEOUT_MS = 10_000
const MONITOR_CLOSED = 'the monitor closed'
/** Key of the greeting, which carries no id. */
const GREETING_ID = 0

interface QmpOptions {
  /** Socket of the monitor. */
  path: string
  /** Limit for `work`, in milliseconds. Default: 10 seconds. */
  timeoutMs?: number
}

/**
 * Connects to the monitor of a QEMU process (QEMU Machine Protocol), runs `work` and disconnects. QEMU serves one client
 * at a time, so connections are short.
 * @throws {AppError} machine.monitor, also when `work` takes longer than `timeoutMs`
 */
export async function withQmp<T>(
  { path, timeoutMs = QMP_TIMEOUT_MS }: QmpOptions,
  work: (qmp: QmpClient) => Promise<T>,
) {
  const socket = await connectUnixSocket(path)
  const pending = new Map<number, (reply: QmpReply) => void>()
  let lastId = GREETING_ID
  const timer = setTimeout(() => socket.destroy(new Error('timeout')), timeoutMs)
  const closed = new Promise<void>((resolve) => socket.once('close', resolve)).then(() => {
    for (const resolve of pending.values()) resolve({ error: { desc: MONITOR_CLOSED } })
  })
  socket.on('error', () => undefined)
  const greeted = new Promise<QmpReply>((resolve) => pending.set(GREETING_ID, resolve))
  const onLine = (line: string) => {
    const reply = parseReply(line)
    const id = reply.QMP ? GREETING_ID : reply.id
    if (id === undefined) return
    pending.get(id)?.(reply)
    pending.delete(id)
  }
  readLines(socket, onLine, { maxLineLength: MAX_REPLY_LENGTH })
  const qmp: QmpClient = {
    async execute<R>(command: string, args?: Record<string, unknown>) {
      const id = ++lastId
      const reply = await new Promise<QmpReply>((resolve) => {
        pending.set(id, resolve)
        if (socket.destroyed) resolve({ error: { desc: MONITOR_CLOSED } })
        else socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`)
      })
      if (reply.error) throw commandFailed(command, reply.error.desc)
      return reply.return as R
    },
  }
  try {
    const { error } = await greeted
    if (error) throw commandFailed('the connection', error.desc)
    await qmp.execute('qmp_capabilities')
    return await work(qmp)
  } finally {
    clearTimeout(timer)
    socket.destroy()
    await closed
  }
}

function parseReply(line: string): QmpReply {
  try {
    return JSON.parse(line) as QmpReply
  } catch {
    return {}
  }
}

const commandFailed = (command: string, reason: string) =>
  new AppError({
    code: 'machine.monitor',
    message: messages.monitorRefused({ command, reason }),
    status: 503,
  })
