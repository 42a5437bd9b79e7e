/** Upper bound of the output between attaching to the console and reading its recording. */
const MAX_OVERLAP_BYTES = 64 * 1024

/**
 * Returns how many bytes at the start of `live` repeat the end of `recorded`. They overlap because the session attaches
 * to the console before it reads the recording.
 */
export function findOverlapBytes(recorded: Buffer, live: Buffer) {
  for (let length = Math.min(recorded.length, live.length, MAX_OVERLAP_BYTES); length > 0; length--) {
    if (recorded.subarray(-length).equals(live.subarray(0, length))) return length
  }
  return 0
}
