import fc from 'fast-check'
import { findLengthFields, writeLengthField } from './length-fields'
import { SEEDS, type SeedName } from './seeds'

/** A place in a file, as a share of its length. */
const place = fc.double({ min: 0, max: 0.999_999, noNaN: true })
/** Half of the damage is near the start, where headers are. */
const damage = fc.oneof(
  place,
  place.map((share) => share ** 3),
)
const blockBytes = fc.constantFrom(1, 16, 188, 512, 4_096, 65_536)
const extreme = fc.constantFrom(
  0n,
  1n,
  7n,
  8n,
  0x7fn,
  0xffn,
  0x7fffn,
  0xffffn,
  0x00ff_ffffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0xffff_ffff_ffff_ffffn,
)

const mutationArbitrary = fc.oneof(
  fc.record({
    kind: fc.constant('flip bits' as const),
    places: fc.array(damage, { minLength: 1, maxLength: 64 }),
  }),
  fc.record({ kind: fc.constant('cut off' as const), at: place }),
  fc.record({ kind: fc.constant('cut out' as const), at: damage, blockBytes }),
  fc.record({ kind: fc.constant('zero' as const), at: damage, blockBytes }),
  fc.record({
    kind: fc.constant('repeat' as const),
    at: damage,
    blockBytes,
    times: fc.constantFrom(1, 2, 100),
  }),
  fc.record({ kind: fc.constant('swap' as const), at: damage, with: place, blockBytes }),
  fc.record({
    kind: fc.constant('lengths' as const),
    fields: fc.array(fc.record({ at: damage, value: extreme }), { minLength: 1, maxLength: 6 }),
  }),
  fc.record({ kind: fc.constant('join' as const), other: fc.constantFrom(...SEEDS), isFirst: fc.boolean() }),
)
type Mutation = typeof mutationArbitrary extends fc.Arbitrary<infer T> ? T : never

export interface MutatedFile {
  seed: SeedName
  mutations: Mutation[]
}

const MAX_BYTES = 4 * 1024 ** 2

/** The same list for the same `randomSeed`. Each seed file is used equally often. */
export function planMutations({ count, randomSeed }: { count: number; randomSeed: number }): MutatedFile[] {
  const lists = fc.sample(fc.array(mutationArbitrary, { minLength: 1, maxLength: 3 }), {
    seed: randomSeed,
    numRuns: count,
  })
  return lists.map((mutations, n) => ({ seed: SEEDS[n % SEEDS.length]!, mutations }))
}

/** Applies the mutations to the files of the seeds. */
export function mutateFile({ seed, mutations }: MutatedFile, files: Record<SeedName, Buffer>) {
  let bytes: Buffer = Buffer.from(files[seed])
  for (const mutation of mutations) bytes = applyMutation(bytes, mutation, files)
  return bytes.subarray(0, MAX_BYTES)
}

function applyMutation(bytes: Buffer, mutation: Mutation, files: Record<SeedName, Buffer>): Buffer {
  const locate = (share: number) => Math.floor(share * bytes.length)
  switch (mutation.kind) {
    case 'flip bits': {
      for (const [n, share] of mutation.places.entries())
        if (bytes.length > 0) bytes[locate(share)]! ^= 1 << (n % 8)
      return bytes
    }
    case 'cut off':
      return bytes.subarray(0, locate(mutation.at))
    case 'cut out': {
      const at = locate(mutation.at)
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + mutation.blockBytes)])
    }
    case 'zero': {
      const at = locate(mutation.at)
      return Buffer.from(bytes).fill(0, at, Math.min(bytes.length, at + mutation.blockBytes))
    }
    case 'repeat': {
      const at = locate(mutation.at)
      const block = bytes.subarray(at, at + mutation.blockBytes)
      const copies = Array.from({ length: mutation.times }, () => block)
      return Buffer.concat([bytes.subarray(0, at), ...copies, bytes.subarray(at)]).subarray(0, MAX_BYTES)
    }
    case 'swap': {
      const [first, second] = [locate(mutation.at), locate(mutation.with)].toSorted((a, b) => a - b) as [
        number,
        number,
      ]
      const length = Math.min(mutation.blockBytes, second - first, bytes.length - second)
      const swapped = Buffer.from(bytes)
      bytes.copy(swapped, first, second, second + length)
      bytes.copy(swapped, second, first, first + length)
      return swapped
    }
    case 'lengths': {
      const fields = bytes.length > 64 ? findLengthFields(bytes) : []
      for (const { at, value } of fields.length > 0 ? mutation.fields : [])
        writeLengthField(bytes, fields[Math.floor(at * fields.length)]!, value)
      return bytes
    }
    case 'join': {
      const other = files[mutation.other]
      return Buffer.concat(mutation.isFirst ? [bytes, other] : [other, bytes])
    }
  }
}

/** One line with which a file can be created again. */
export const describeMutations = ({ seed, mutations }: MutatedFile) =>
  `${seed}: ${JSON.stringify(mutations, (_, value: unknown) => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value))}`
