import { z } from 'zod'
import type { ConsoleSize } from '@/lib/machines/console-protocol'
import type { ViewerSocket } from './viewer-stream'

const sizeSchema = z.object({
  columns: z.number().int().min(2).max(1_000),
  rows: z.number().int().min(1).max(1_000),
})

/** More than a host runs at a time. */
const MAX_MACHINES = 1_000

/** The size that a viewer sends; undefined if it is none. */
export const parseSize = (size: unknown) => sizeSchema.safeParse(size).data

/** The window sizes of consoles as far as viewers have set them, for viewers who may not. */
export class WindowSizes {
  private readonly latest = new Map<string, ConsoleSize>()

  /** Sends the viewer the latest size, and what it sets itself to the others. */
  follow(socket: ViewerSocket, machineId: string) {
    const latest = this.latest.get(machineId)
    if (latest) socket.emit('size', latest)
    socket.on('resize', (wanted: unknown) => {
      const size = parseSize(wanted)
      if (!size) return
      this.remember(machineId, size)
      socket.to(machineId).emit('size', size)
    })
  }

  /** Forgets the machine whose size was set longest ago if there are too many. */
  private remember(machineId: string, size: ConsoleSize) {
    this.latest.delete(machineId)
    this.latest.set(machineId, size)
    if (this.latest.size > MAX_MACHINES) this.latest.delete(this.latest.keys().next().value!)
  }
}
