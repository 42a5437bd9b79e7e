import { setTimeout as delay } from 'node:timers/promises'
import { runEvery } from '@/lib/concurrency/run-every'
import { AppError } from '@/lib/errors'
import { log } from '@/lib/log'
import type { RecordedChunk } from '@/lib/machines/console-protocol'
import type { Hypervisor, MachineConsole } from '@/worker/machines/hypervisor'
import { findOverlapBytes } from './overlap'
import { createViewerStream, type ViewerSocket } from './viewer-stream'
import { parseSize } from './window-sizes'

const USAGE_INTERVAL_MS = 2_000
const START_POLL_INTERVAL_MS = 100
const MERGE_WINDOW_MS = 30
const MAX_INPUT_BYTES = 64 * 1024

interface Viewer {
  hypervisor: Hypervisor
  machineId: string
  socket: ViewerSocket
}

/**
 * Connects one viewer to the console of a machine: sends the recording, then live output, and forwards input. Follows
 * the machine over restarts; resolves when the viewer disconnects.
 */
export async function runConsoleSession(viewer: Viewer) {
  const { hypervisor, machineId, socket } = viewer
  const disconnected = new AbortController()
  socket.once('disconnect', () => disconnected.abort())
  let console: MachineConsole | null = null
  socket.on('input', (bytes: unknown) => {
    if (
      bytes instanceof Uint8Array &&
      bytes.length <= MAX_INPUT_BYTES &&
      hypervisor.capabilities.consoleInput
    )
      console?.write(Buffer.from(bytes))
  })
  socket.on('resize', (size: unknown) => {
    const parsed = parseSize(size)
    if (parsed) console?.resize(parsed)
  })
  for (let isFirst = true; socket.connected; isFirst = false) {
    console = await openIfRunning(hypervisor, machineId)
    if (console) await streamConsole({ ...viewer, console, signal: disconnected.signal })
    else if (isFirst) await sendRecording(viewer)
    if (console || isFirst) socket.emit('ended')
    console = null
    await delay(START_POLL_INTERVAL_MS, undefined, { signal: disconnected.signal }).catch(() => undefined)
  }
}

interface StreamOptions extends Viewer {
  console: MachineConsole
  /** Aborts when the viewer disconnects. */
  signal: AbortSignal
}

/** Streams until the machine stops or the viewer disconnects. */
async function streamConsole({ hypervisor, machineId, socket, console, signal }: StreamOptions) {
  const ended = new Promise<void>((resolve) => {
    console.onEnd(resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
    if (signal.aborted) resolve()
  })
  const send = createViewerStream(socket)
  let early: Buffer[] | null = []
  console.onData((bytes) => (early ? early.push(bytes) : send(bytes)))
  const sendUsage = () =>
    hypervisor.readUsage(machineId).then(
      (usage) => void socket.emit('usage', { at: Date.now(), ...usage }),
      (error: unknown) => log.debug({ err: error, machineId }, 'machine usage not read'),
    )
  let stopUsage: (() => Promise<void>) | undefined
  try {
    const recording = await sendRecording({ hypervisor, machineId, socket })
    const live = Buffer.concat(early)
    early = null
    const rest = live.subarray(findOverlapBytes(recording, live))
    if (rest.length > 0) send(rest)
    if (hypervisor.capabilities.usage)
      stopUsage = runEvery({
        work: sendUsage,
        pauseMs: USAGE_INTERVAL_MS,
        failureMessage: 'machine usage not sent',
      })
    await ended
  } finally {
    void stopUsage?.()
    console.close()
  }
}

/** Sends the whole recording; merges chunks that were output within `MERGE_WINDOW_MS`. */
async function sendRecording({ hypervisor, machineId, socket }: Viewer) {
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
