import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { AppError } from '@/lib/errors'
import { log } from '@/lib/log'
import type { RecordedChunk } from '@/lib/machines/console-protocol'
import type { Hypervisor, MachineConsole } from '@/worker/machines/hypervisor'
import { findOverlapBytes } from './overlap'
import { createViewerStream, type ViewerSocket } from './viewer-stream'

const USAGE_INTERVAL_MS = 2_000
const START_POLL_INTERVAL_MS = 100
const MERGE_WINDOW_MS = 30
const MAX_INPUT_BYTES = 64 * 1024
const sizeSchema = z.object({
  columns: z.number().int().min(2).max(1_000),
  rows: z.number().int().min(1).max(1_000),
})

/**
 * Shows the console of a machine to one viewer: all it has said so far, then what it says, and what is typed.
 * Resolves when the viewer has left: who came before the machine, or stays over a restart, sees it start.
 */
export async function runConsoleSession(hypervisor: Hypervisor, machineId: string, socket: ViewerSocket) {
  const left = new AbortController()
  socket.once('disconnect', () => left.abort())
  let console: MachineConsole | null = null
  socket.on('input', (bytes: unknown) => {
    if (bytes instanceof Uint8Array && bytes.length <= MAX_INPUT_BYTES) console?.write(Buffer.from(bytes))
  })
  socket.on('resize', (size: unknown) => {
    const parsed = sizeSchema.safeParse(size)
    if (parsed.success) console?.resize(parsed.data)
  })
  for (let isFirst = true; socket.connected; isFirst = false) {
    console = await openIfRunning(hypervisor, machineId)
    if (console) await streamConsole(hypervisor, { console, machineId, socket, left: left.signal })
    else if (isFirst) await sendRecording(hypervisor, machineId, socket)
    if (console || isFirst) socket.emit('ended')
    console = null
    await delay(START_POLL_INTERVAL_MS, undefined, { signal: left.signal }).catch(() => undefined)
  }
}

interface StreamOptions {
  console: MachineConsole
  machineId: string
  socket: ViewerSocket
  left: AbortSignal
}

/** From the start of the machine, or from now on, to its end. */
async function streamConsole(hypervisor: Hypervisor, { console, machineId, socket, left }: StreamOptions) {
  const ended = new Promise<void>((resolve) => {
    console.onEnd(resolve)
    left.addEventListener('abort', () => resolve(), { once: true })
    if (left.aborted) resolve()
  })
  const send = createViewerStream(socket)
  let early: Buffer[] | null = []
  console.onData((bytes) => (early ? early.push(bytes) : send(bytes)))
  const sendUsage = () =>
    hypervisor.readUsage(machineId).then(
      (usage) => socket.emit('usage', { at: Date.now(), ...usage }),
      (error: unknown) => log.debug({ err: error, machineId }, 'no usage'),
    )
  const timer = setInterval(() => void sendUsage(), USAGE_INTERVAL_MS)
  try {
    const recording = await sendRecording(hypervisor, machineId, socket)
    const live = Buffer.concat(early)
    early = null
    const rest = live.subarray(findOverlapBytes(recording, live))
    if (rest.length > 0) send(rest)
    void sendUsage()
    await ended
  } finally {
    clearInterval(timer)
    console.close()
  }
}

/** Sends all that was said. What came together is one piece: a long recording has many small ones. */
async function sendRecording(hypervisor: Hypervisor, machineId: string, socket: ViewerSocket) {
  const recording = await hypervisor.readConsoleRecording(machineId)
  const pieces: RecordedChunk[] = []
  for (const { at, bytes } of recording) {
    const last = pieces.at(-1)
    if (last && at.getTime() - last.at < MERGE_WINDOW_MS) last.length += bytes.length
    else pieces.push({ at: at.getTime(), length: bytes.length })
  }
  const all = Buffer.concat(recording.map(({ bytes }) => bytes))
  socket.emit('recording', all, pieces)
  return all
}

async function openIfRunning(hypervisor: Hypervisor, machineId: string) {
  try {
    return await hypervisor.openConsole(machineId)
  } catch (error) {
    if (error instanceof AppError && error.code === 'machine.not_running') return null
    throw error
  }
}
