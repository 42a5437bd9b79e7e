import { expect, it } from 'vitest'
import { findOffer, formatPrice } from './offers'

const OFFERS = [
  { name: 'nano', cpus: 2, memoryMiB: 512, pricePerHour: 0.0052 },
  { name: 'wide', cpus: 8, memoryMiB: 1_024, pricePerHour: null },
  { name: 'deep', cpus: 2, memoryMiB: 4_096, pricePerHour: 0.0416 },
]

it.each([
  [1, 128, 'nano'],
  [2, 513, 'wide'],
  [2, 2_048, 'deep'],
  [4, 2_048, undefined],
])('offers a machine of %i CPUs and %i MiB as %s', (cpus, memoryMiB, name) =>
  expect(findOffer(OFFERS, { cpus, memoryMiB })?.name).toBe(name),
)

it('writes a price without rounding it', () => expect(formatPrice(0.0052)).toBe('$0.0052 per hour'))
