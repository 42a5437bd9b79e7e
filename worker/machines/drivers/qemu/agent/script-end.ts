/** Length of an exit code (0–255) and a newline. */
const MAX_EXIT_CODE_LENGTH = 4

/**
 * Finds the end of a script's output in `bytes`: `mark`, one to three digits (the exit code) and a newline. A program in the
 * guest can read and print `mark`, so without an exit code after it `mark` is output. Bytes from `outputBytes` on may be
 * the start of the end and have to be passed again with the bytes that follow.
 */
export function findScriptEnd(bytes: Buffer, mark: Buffer): { outputBytes: number; exitCode?: number } {
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) {
    const from = at + mark.length
    const after = bytes.toString('latin1', from, from + MAX_EXIT_CODE_LENGTH)
    const code = /^(\d{1,3})\n/.exec(after)?.[1]
    if (code) return { outputBytes: at, exitCode: Number(code) }
    if (/^\d{0,3}$/.test(after)) return { outputBytes: at }
  }
  return { outputBytes: bytes.length - countPartialMatch(bytes, mark) }
}

/** Number of bytes at the end of `bytes` that are a prefix of `mark`. */
function countPartialMatch(bytes: Buffer, mark: Buffer) {
  for (let length = Math.min(bytes.length, mark.length - 1); length > 0; length--)
    if (bytes.subarray(bytes.length - length).equals(mark.subarray(0, length))) return length
  return 0
}
