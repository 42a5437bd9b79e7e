import { setTimeout as delay } from 'node:timers/promises'
import { log } from '@/lib/log'
import type { Change } from '@/lib/realtime/schema'
import { sendChanges } from './send-changes'
import type { LiveServer } from './live-server'

/** Changes of one row within this interval are sent once, with the row's latest content. The first is sent at once. */
const FLUSH_INTERVAL_MS = 20

/** Returns a listener that sends changes in batches and requests new queue positions when they may have changed. */
export function batchChanges(io: LiveServer, requestPositions: () => void) {
  let pending = new Map<string, Change>()
  let isFlushing = false
  const flush = async () => {
    isFlushing = true
    while (pending.size > 0) {
      const batch = [...pending.values()]
      pending = new Map()
      try {
        if (await sendChanges(io, batch)) requestPositions()
      } catch (error) {
        log.warn({ err: error }, 'could not send changes')
        io.emit('resync')
      }
      await delay(FLUSH_INTERVAL_MS)
    }
    isFlushing = false
  }
  return (change: Change) => {
    if (io.sockets.adapter.rooms.has(change.ownerId)) {
      pending.set(change.id, change)
      if (!isFlushing) void flush()
    }
    // The owner is not connected and reads the row later, but tasks of connected users may have moved up.
    else if (change.type === 'task' && io.sockets.sockets.size > 0) requestPositions()
  }
}
