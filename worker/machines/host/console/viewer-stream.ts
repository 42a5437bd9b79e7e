import type { Socket } from 'socket.io'
import type { ConsoleClientEvents, ConsoleServerEvents } from '@/lib/machines/console-protocol'

export type ViewerSocket = Socket<ConsoleClientEvents, ConsoleServerEvents>

/** Unacknowledged bytes per viewer: bounds memory when a guest prints without end. */
const MAX_IN_FLIGHT_BYTES = 512 * 1024
/** Output within this time is sent as one event. */
const BATCH_WINDOW_MS = 8

/** Sends console output to one viewer with backpressure: output beyond the limit is skipped and reported as such. */
export function createViewerStream(socket: ViewerSocket) {
  let buffered: Buffer[] = []
  let bufferedBytes = 0
  let inFlightBytes = 0
  let skippedBytes = 0
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    timer = undefined
    if (bufferedBytes === 0) return
    const bytes = Buffer.concat(buffered)
    buffered = []
    bufferedBytes = 0
    inFlightBytes += bytes.length
    socket.emit('output', bytes, () => (inFlightBytes -= bytes.length))
  }
  return (bytes: Buffer) => {
    if (inFlightBytes + bufferedBytes > MAX_IN_FLIGHT_BYTES) {
      skippedBytes += bytes.length
      return
    }
    if (skippedBytes > 0) {
      socket.emit('skipped', skippedBytes)
      skippedBytes = 0
    }
    buffered.push(bytes)
    bufferedBytes += bytes.length
    timer ??= setTimeout(flush, BATCH_WINDOW_MS)
  }
}
