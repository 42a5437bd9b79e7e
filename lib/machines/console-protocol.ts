/** Socket.IO namespace in which pages open consoles. */
export const CONSOLE_NAMESPACE = '/console'
/** Socket.IO namespace in which viewers with a link open consoles. */
export const SHARED_CONSOLE_NAMESPACE = '/shared-console'
/** Path of the endpoint at which a worker serves consoles to web processes. */
export const HOST_CONSOLE_PATH = '/consoles'

/** Console output, `at` in epoch milliseconds. */
export interface ConsoleChunk {
  at: number
  bytes: Uint8Array
}

/**
 * The time of the next `length` bytes of a recording, which is one array because Socket.IO limits attachments per
 * event.
 */
export interface RecordedChunk {
  at: number
  length: number
}

/** Resource usage at `at` (epoch milliseconds); counters start at zero with the machine. */
export interface ConsoleUsage {
  at: number
  cpuSeconds: number
  memoryBytes: number
  diskReadBytes: number
  diskWrittenBytes: number
  networkReceivedBytes: number
  networkSentBytes: number
}

export interface ConsoleSize {
  columns: number
  rows: number
}

/** Events to viewers. Bytes are untrusted terminal data, never text for a page. */
export interface ConsoleServerEvents {
  /** The whole output so far: after each connect and each start of the machine. */
  recording: (bytes: Uint8Array, pieces: RecordedChunk[]) => void
  /** Live output. Acknowledged when rendered, for backpressure. */
  output: (bytes: Uint8Array, acknowledge: () => void) => void
  /** Number of bytes skipped because the viewer was too slow. */
  skipped: (bytes: number) => void
  usage: (usage: ConsoleUsage) => void
  viewers: (count: number) => void
  /** The window size that the owner has set last. */
  size: (size: ConsoleSize) => void
  /** The link has as many viewers as it admits. The connection ends. */
  full: () => void
  /** The machine has stopped. After its next start, a `recording` is sent first. */
  ended: () => void
}

export interface ConsoleClientEvents {
  input: (bytes: Uint8Array) => void
  resize: (size: ConsoleSize) => void
}
