/** Socket.IO namespace in which pages open consoles. */
export const CONSOLE_NAMESPACE = '/console'
/** Path of the endpoint at which a worker serves consoles to web processes. */
export const HOST_CONSOLE_PATH = '/consoles'

/** A piece of what the console has said, `at` in epoch milliseconds. */
export interface ConsoleChunk {
  at: number
  bytes: Uint8Array
}

/** When the next `length` bytes of a recording were said. Socket.IO takes few byte arrays in one event, so they are one. */
export interface RecordedChunk {
  at: number
  length: number
}

/** What is in use, as it was at `at`; counters grow from the start of the machine. */
export interface ConsoleUsage {
  at: number
  cpuSeconds: number
  memoryBytes: number
  diskReadBytes: number
  diskWrittenBytes: number
  networkReceivedBytes: number
  networkSentBytes: number
}

/** Events to whoever looks at a console. Bytes are data for a terminal, never text for a page. */
export interface ConsoleServerEvents {
  /** All of it so far: after every connect, and when the machine has started. */
  recording: (bytes: Uint8Array, pieces: RecordedChunk[]) => void
  /** What it says now. Answered when it was shown: nobody is sent more than they can take. */
  output: (bytes: Uint8Array, shown: () => void) => void
  /** Bytes that were left out, since they came faster than they could be shown. */
  skipped: (bytes: number) => void
  usage: (usage: ConsoleUsage) => void
  viewers: (count: number) => void
  /** The machine does not run, or no more. What comes when it is started again begins with its `recording`. */
  ended: () => void
}

export interface ConsoleClientEvents {
  input: (bytes: Uint8Array) => void
  resize: (size: { columns: number; rows: number }) => void
}
