const [MIN, MAX] = [-32_768, 32_767]

/** Adds the start of `other`, times `gain`, to 16-bit samples. */
export function mixSamples(samples: Buffer, other: Buffer, { gain }: { gain: number }) {
  const mixed = Buffer.from(samples)
  for (let at = 0; at + 1 < Math.min(mixed.length, other.length); at += 2) {
    const sum = samples.readInt16LE(at) + gain * other.readInt16LE(at)
    mixed.writeInt16LE(Math.max(MIN, Math.min(MAX, Math.round(sum))), at)
  }
  return mixed
}
