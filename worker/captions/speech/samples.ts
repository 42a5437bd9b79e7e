/** Of the audio in every request. */
export const SAMPLE_RATE = 16_000

/** Converts samples of 16 bit, little-endian, to values between -1 and 1. */
export function toFloats(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const floats = new Float32Array(Math.floor(bytes.byteLength / 2))
  for (let n = 0; n < floats.length; n++) floats[n] = view.getInt16(2 * n, true) / 32_768
  return floats
}
