import type { Socket } from 'socket.io'
import type { ConsoleClientEvents, ConsoleServerEvents } from '@/lib/machines/console-protocol'

export type ViewerSocket = Socket<ConsoleClientEvents, ConsoleServerEvents>

/** Bytes that may be on their way to one viewer. A guest that prints without end fills no memory. */
const MAX_IN_FLIGHT_BYTES = 512 * 1024
/** Pieces that come within this time go out together. */
const BATCH_WINDOW_MS = 8

/** Sends what the console says to one viewer, as fast as that viewer shows it; what is too much is skipped. */
export function createViewerStream(socket: ViewerSocket) {
  let gathered: Buffer[] = []
  let gatheredBytes = 0
  let inFlight = 0
  let skipped = 0
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    timer = undefined
    if (gatheredBytes === 0) return
    const bytes = Buffer.concat(gathered)
    gathered = []
    gatheredBytes = 0
    inFlight += bytes.length
    socket.emit('output', bytes, () => (inFlight -= bytes.length))
  }
  return (bytes: Buffer) => {
    if (inFlight + gatheredBytes > MAX_IN_FLIGHT_BYTES) {
      skipped += bytes.length
      return
    }
    if (skipped > 0) {
      socket.emit('skipped', skipped)
      skipped = 0
    }
    gathered.push(bytes)
    gatheredBytes += bytes.length
    timer ??= setTimeout(flush, BATCH_WINDOW_MS)
  }
}
