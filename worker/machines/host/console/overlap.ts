/** Far more than arrives between the two. */
const MAX_OVERLAP_BYTES = 64 * 1024

/**
 * How many bytes at the start of `live` are already at the end of `recorded`: the console was listened
 * to before its recording was read, so that nothing falls between the two.
 */
export function findOverlapBytes(recorded: Buffer, live: Buffer) {
  for (let length = Math.min(recorded.length, live.length, MAX_OVERLAP_BYTES); length > 0; length--) {
    if (recorded.subarray(-length).equals(live.subarray(0, length))) return length
  }
  return 0
}
