/** Limit for the beginning and for the end of a script's output, each. */
const MAX_HALF_BYTES = 64 * 1024
const LIVE_TAIL_BYTES = 8 * 1024

/** Collects a script's output in bounded memory. */
export function createScriptOutput() {
  let head = Buffer.alloc(0)
  let tail = Buffer.alloc(0)
  let bytes = 0
  const text = (buffer: Buffer) => buffer.toString('utf8').replaceAll('\0', '')
  return {
    append(chunk: Buffer) {
      bytes += chunk.length
      const headRoom = MAX_HALF_BYTES - head.length
      if (headRoom > 0) head = Buffer.concat([head, chunk.subarray(0, headRoom)])
      tail = Buffer.concat([tail, chunk.subarray(Math.max(0, headRoom))]).subarray(-MAX_HALF_BYTES)
    },
    /** The newest 8 KiB of output, for the live view. */
    preview() {
      const newest = tail.length < LIVE_TAIL_BYTES ? Buffer.concat([head, tail]) : tail
      return { outputTail: text(newest.subarray(-LIVE_TAIL_BYTES)), outputBytes: bytes }
    },
    /** The whole output, without its middle if it is too long. */
    result() {
      const omittedBytes = bytes - head.length - tail.length
      const gap = omittedBytes > 0 ? `\n… ${omittedBytes} bytes omitted …\n` : ''
      return { output: text(head) + gap + text(tail), outputBytes: bytes }
    },
  }
}
