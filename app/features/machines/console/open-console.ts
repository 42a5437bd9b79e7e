import { io, type Socket } from 'socket.io-client'
import type {
  ConsoleClientEvents,
  ConsoleChunk,
  ConsoleServerEvents,
  ConsoleSize,
  ConsoleUsage,
  RecordedChunk,
} from '@/lib/machines/console-protocol'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import type { ConsoleSource } from './console-source'

const RETRY_MS = 700

export interface ConsoleListeners {
  /** The output so far, after each connection. */
  onRecording(chunks: ConsoleChunk[]): void
  /** `onShown` acknowledges the bytes for flow control. */
  onOutput(bytes: Uint8Array, onShown: () => void): void
  /** The host dropped output that came faster than this page could show. */
  onSkipped(bytes: number): void
  onUsage(usage: ConsoleUsage): void
  onViewers(count: number): void
  onConnection(isConnected: boolean): void
  /** The window size that the owner has set. */
  onSize?(size: ConsoleSize): void
  /** The console is not opened again. Default: a refused connection is repeated. */
  onEnd?(reason: ConsoleEnd): void
}

/** Why a viewer has no console: the link does not work any more, or has too many viewers. */
export type ConsoleEnd = 'refused' | 'full'

interface Options {
  source: ConsoleSource
  /** While powered off, the recording is fetched once and the connection ends. */
  isPoweredOn: boolean
}

/** Connects to the console of a machine and reconnects until closed. */
export function openConsole({ source, isPoweredOn }: Options, listeners: ConsoleListeners) {
  const socket: Socket<ConsoleServerEvents, ConsoleClientEvents> = io(source.namespace, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 3_000,
    auth: (setAuth) => void source.authorize().then(setAuth),
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  let isClosed = false
  const close = () => {
    isClosed = true
    clearTimeout(timer)
    socket.disconnect()
  }
  // Socket.IO does not reconnect after a rejection or a disconnect by the server.
  const reconnect = () => {
    listeners.onConnection(false)
    clearTimeout(timer)
    if (!isClosed && !socket.active) timer = setTimeout(() => socket.connect(), RETRY_MS)
  }
  const end = (reason: ConsoleEnd) => {
    close()
    listeners.onConnection(false)
    listeners.onEnd?.(reason)
  }
  socket.on('connect_error', ({ message }) =>
    message === 'refused' && listeners.onEnd ? end('refused') : reconnect(),
  )
  socket.on('full', () => end('full'))
  socket.on('size', (size) => listeners.onSize?.(size))
  socket.on('disconnect', reconnect)
  socket.on('recording', (bytes, chunks) => {
    listeners.onConnection(true)
    listeners.onRecording(splitRecording(new Uint8Array(bytes), chunks))
  })
  socket.on('output', (bytes, onShown) => listeners.onOutput(new Uint8Array(bytes), onShown))
  socket.on('skipped', listeners.onSkipped)
  socket.on('usage', listeners.onUsage)
  socket.on('viewers', listeners.onViewers)
  socket.on('ended', () => {
    listeners.onConnection(false)
    if (!isPoweredOn) close()
  })
  return {
    send: (bytes: Uint8Array) => void socket.emit('input', bytes),
    resize: (size: { columns: number; rows: number }) => void socket.emit('resize', size),
    close,
  }
}

function splitRecording(bytes: Uint8Array, chunks: readonly RecordedChunk[]): ConsoleChunk[] {
  let offset = 0
  return chunks.map(({ at, length }) => ({ at, bytes: bytes.subarray(offset, (offset += length)) }))
}
