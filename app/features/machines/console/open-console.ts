import { io, type Socket } from 'socket.io-client'
import {
  CONSOLE_NAMESPACE,
  type ConsoleClientEvents,
  type ConsoleChunk,
  type ConsoleServerEvents,
  type ConsoleUsage,
  type RecordedChunk,
} from '@/lib/machines/console-protocol'
import { SOCKET_PATH } from '@/lib/realtime/schema'

const RETRY_MS = 700

export interface ConsoleListeners {
  onRecording(pieces: ConsoleChunk[]): void
  onOutput(bytes: Uint8Array, shown: () => void): void
  onSkipped(bytes: number): void
  onUsage(usage: ConsoleUsage): void
  onViewers(count: number): void
  onConnection(isConnected: boolean): void
}

/**
 * Keeps a line to the console of a machine until it is closed, over its restarts; of one that is not to run
 * (`isOn`) only what it has said is fetched. Every try brings a token of its own.
 */
export function openConsole(of: { machineId: string; isOn: boolean }, listeners: ConsoleListeners) {
  const socket: Socket<ConsoleServerEvents, ConsoleClientEvents> = io(CONSOLE_NAMESPACE, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 3_000,
    auth: (give) => void fetchConsoleToken(of.machineId).then((token) => give({ token })),
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  let isClosed = false
  const close = () => {
    isClosed = true
    clearTimeout(timer)
    socket.disconnect()
  }
  // After a refusal, or when the other side hangs up, Socket.IO leaves it to us.
  const again = () => {
    listeners.onConnection(false)
    clearTimeout(timer)
    if (!isClosed && !socket.active) timer = setTimeout(() => socket.connect(), RETRY_MS)
  }
  socket.on('connect_error', again)
  socket.on('disconnect', again)
  socket.on('recording', (bytes, pieces) => {
    listeners.onConnection(true)
    listeners.onRecording(splitRecording(new Uint8Array(bytes), pieces))
  })
  socket.on('output', (bytes, shown) => listeners.onOutput(new Uint8Array(bytes), shown))
  socket.on('skipped', listeners.onSkipped)
  socket.on('usage', listeners.onUsage)
  socket.on('viewers', listeners.onViewers)
  socket.on('ended', () => {
    listeners.onConnection(false)
    if (!of.isOn) close()
  })
  return {
    send: (bytes: Uint8Array) => void socket.emit('input', bytes),
    resize: (size: { columns: number; rows: number }) => void socket.emit('resize', size),
    close,
  }
}

export type ConsoleConnection = ReturnType<typeof openConsole>

function splitRecording(bytes: Uint8Array, pieces: readonly RecordedChunk[]): ConsoleChunk[] {
  let from = 0
  return pieces.map(({ at, length }) => ({ at, bytes: bytes.subarray(from, (from += length)) }))
}

const fetchConsoleToken = (machineId: string) =>
  fetch(`/api/v1/machines/${machineId}/console`, { method: 'POST' })
    .then((answer) => answer.json() as Promise<{ token?: string }>)
    .then(
      ({ token }) => token ?? '',
      () => '',
    )
