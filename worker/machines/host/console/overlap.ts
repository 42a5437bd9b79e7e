/** Upper bound of the output between attaching to the console and reading its recording. */
const MAX_OVERLAP_BYTES = 64 * 1024

/**
 * Returns how many bytes at the start of `live` repeat the end of `recorded`. They overlap because the session attaches
 * to the console before it reads the recording. Takes linear time (Knuth–Morris–Pratt): a guest chooses the bytes.
 */
export function findOverlapBytes(recorded: Buffer, live: Buffer) {
  const pattern = live.subarray(0, MAX_OVERLAP_BYTES)
  if (pattern.length === 0) return 0
  const text = recorded.subarray(-pattern.length)
  /** Length of the longest proper prefix of the pattern that ends at each position. */
  const prefixes = new Uint32Array(pattern.length)
  const extend = (length: number, byte: number) => {
    let matched = length === pattern.length ? prefixes[length - 1]! : length
    while (matched > 0 && pattern[matched] !== byte) matched = prefixes[matched - 1]!
    return pattern[matched] === byte ? matched + 1 : matched
  }
  for (let at = 1; at < pattern.length; at++) prefixes[at] = extend(prefixes[at - 1]!, pattern[at]!)
  let matched = 0
  for (const byte of text) matched = extend(matched, byte)
  return matched
}
