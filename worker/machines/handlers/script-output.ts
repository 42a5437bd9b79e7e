/** What is kept of a script's output: its beginning and its end, in bytes. */
const MAX_HALF_BYTES = 64 * 1024
const LIVE_TAIL_BYTES = 8 * 1024

/** Collects what a script prints, however much that is, in a bounded amount of memory. */
export function createScriptOutput() {
  let head = Buffer.alloc(0)
  let tail = Buffer.alloc(0)
  let bytes = 0
  const text = (buffer: Buffer) => buffer.toString('utf8').replaceAll('\0', '')
  return {
    add(chunk: Buffer) {
      bytes += chunk.length
      const room = MAX_HALF_BYTES - head.length
      if (room > 0) head = Buffer.concat([head, chunk.subarray(0, room)])
      tail = Buffer.concat([tail, chunk.subarray(Math.max(0, room))]).subarray(-MAX_HALF_BYTES)
    },
    /** The newest of it, for whoever watches. */
    now: () => ({
      outputTail: text((tail.length > 0 ? tail : head).subarray(-LIVE_TAIL_BYTES)),
      outputBytes: bytes,
    }),
    whole() {
      const left = bytes - head.length - tail.length
      const gap = left > 0 ? `\n… ${left} bytes left out …\n` : ''
      return { output: text(head) + gap + text(tail), outputBytes: bytes }
    },
  }
}
