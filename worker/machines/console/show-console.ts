import { z } from 'zod'
import { AppError } from '@/lib/errors'
import { log } from '@/lib/log'
import type { RecordedPiece } from '@/lib/machines/console-contract'
import type { Hypervisor } from '../hypervisor'
import { overlapOf } from './overlap'
import { sendTo, type ViewerSocket } from './viewer'

const USAGE_INTERVAL_MS = 2_000
const TOGETHER_MS = 30
const LONGEST_INPUT_BYTES = 64 * 1024
const sizeSchema = z.object({
  columns: z.number().int().min(2).max(1_000),
  rows: z.number().int().min(1).max(1_000),
})

/** Shows the console of a machine to one viewer: all it has said so far, then what it says, and what is typed. */
export async function showConsole(hypervisor: Hypervisor, machineId: string, socket: ViewerSocket) {
  const console = await openIfRunning(hypervisor, machineId)
  if (!console) {
    await sendRecording(hypervisor, machineId, socket)
    return end(socket, 'The machine does not run.')
  }
  const send = sendTo(socket)
  let early: Buffer[] | null = []
  console.onData((bytes) => (early ? early.push(bytes) : send(bytes)))
  console.onEnd(() => end(socket, 'The machine has stopped.'))
  socket.on('input', (bytes: unknown) => {
    if (bytes instanceof Uint8Array && bytes.length <= LONGEST_INPUT_BYTES) console.write(Buffer.from(bytes))
  })
  socket.on('resize', (size: unknown) => {
    const parsed = sizeSchema.safeParse(size)
    if (parsed.success) console.resize(parsed.data)
  })
  const timer = setInterval(() => void sendUsage(), USAGE_INTERVAL_MS)
  const sendUsage = () =>
    hypervisor.usage(machineId).then(
      (usage) => socket.emit('usage', { at: Date.now(), ...usage }),
      (error: unknown) => log.debug({ err: error, machineId }, 'no usage'),
    )
  const leave = () => (clearInterval(timer), console.close())
  socket.once('disconnect', leave)
  if (socket.disconnected) return leave()
  const recording = await sendRecording(hypervisor, machineId, socket)
  const live = Buffer.concat(early)
  early = null
  const rest = live.subarray(overlapOf(recording, live))
  if (rest.length > 0) send(rest)
  void sendUsage()
}

/** Sends all that was said. What came together is one piece: a long recording has many small ones. */
async function sendRecording(hypervisor: Hypervisor, machineId: string, socket: ViewerSocket) {
  const recording = await hypervisor.consoleRecording(machineId)
  const pieces: RecordedPiece[] = []
  for (const { at, bytes } of recording) {
    const last = pieces.at(-1)
    if (last && at.getTime() - last.at < TOGETHER_MS) last.length += bytes.length
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

function end(socket: ViewerSocket, reason: string) {
  socket.emit('ended', reason)
  socket.disconnect()
}
