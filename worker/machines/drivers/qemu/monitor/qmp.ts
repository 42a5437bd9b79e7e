import { createInterface } from 'node:readline'
import { AppError } from '@/lib/errors'
import { connectUnixSocket } from '../unix-socket'

export interface QmpClient {
  /** @throws {AppError} machine.monitor with QEMU's own words */
  execute<T = unknown>(command: string, args?: Record<string, unknown>): Promise<T>
}

interface QmpReply {
  id?: number
  QMP?: unknown
  return?: unknown
  error?: { desc: string }
}

const QMP_TIMEOUT_MS = 10_000

/**
 * Talks to a QEMU over its monitor (QEMU Machine Protocol) for as long as `work` takes. QEMU serves
 * one client at a time, so nobody holds on to it.
 */
export async function withQmp<T>(
  path: string,
  work: (qmp: QmpClient) => Promise<T>,
  timeoutMs = QMP_TIMEOUT_MS,
) {
  const socket = await connectUnixSocket(path)
  const waiting = new Map<number, (reply: QmpReply) => void>()
  let serial = 0
  const clock = setTimeout(() => socket.destroy(new Error('no answer')), timeoutMs)
  const closed = new Promise<void>((resolve) => socket.once('close', resolve)).then(() => {
    for (const answer of waiting.values()) answer({ error: { desc: 'the monitor closed' } })
  })
  socket.on('error', () => undefined)
  const greeted = new Promise<QmpReply>((resolve) => waiting.set(0, resolve))
  const lines = createInterface({ input: socket }).on('error', () => undefined)
  lines.on('line', (line) => {
    const reply = parseReply(line)
    const id = reply.QMP ? 0 : reply.id
    if (id === undefined) return
    waiting.get(id)?.(reply)
    waiting.delete(id)
  })
  const qmp: QmpClient = {
    async execute<R>(command: string, args?: Record<string, unknown>) {
      const id = ++serial
      const reply = await new Promise<QmpReply>((resolve) => {
        waiting.set(id, resolve)
        if (socket.destroyed) resolve({ error: { desc: 'the monitor closed' } })
        else socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`)
      })
      if (reply.error) throw commandFailed(command, reply.error.desc)
      return reply.return as R
    },
  }
  try {
    const { error } = await greeted
    if (error) throw commandFailed('to talk', error.desc)
    await qmp.execute('qmp_capabilities')
    return await work(qmp)
  } finally {
    clearTimeout(clock)
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

const commandFailed = (command: string, words: string) =>
  new AppError({
    code: 'machine.monitor',
    message: `The machine's emulator refused ${command}: ${words}`,
    status: 503,
  })
