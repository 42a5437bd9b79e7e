/** An exit code and a newline. */
const MAX_EXIT_CODE_LENGTH = 4

/**
 * How far the output of a script reaches in `bytes`, and its exit code where that follows. The end is `mark`, one to
 * three digits and a newline; programs in the guest can read `mark`, so by itself it is output as well. Of what may
 * yet become the end, the rest has to come.
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

/** How many of the last bytes may be the beginning of `mark`. */
function countPartialMatch(bytes: Buffer, mark: Buffer) {
  for (let length = Math.min(bytes.length, mark.length - 1); length > 0; length--)
    if (bytes.subarray(bytes.length - length).equals(mark.subarray(0, length))) return length
  return 0
}
