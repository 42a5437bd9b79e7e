import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cpuShares } from './cpu-shares'

it('runs everything at full speed while there are enough cores', () => {
  const uses = [
    { cores: 1, weight: 1 },
    { cores: 1, weight: 5 },
  ]
  expect(cpuShares(uses, 2)).toEqual([1, 1])
})

it('divides the cores by weight, and what one does not need among the others', () => {
  const heavy = { cores: 4, weight: 1 }
  expect(cpuShares([heavy, { ...heavy, weight: 3 }], 4)).toEqual([0.25, 0.75])
  expect(cpuShares([heavy, heavy, { cores: 0.5, weight: 1 }], 2.5)).toEqual([0.25, 0.25, 1])
})

it('counts a run that was there for half of the time half', () => {
  const heavy = { cores: 2, weight: 1 }
  expect(cpuShares([heavy, { ...heavy, presence: 0.5 }], 2)[0]).toBeCloseTo(2 / 3)
})

it('uses all cores that are needed, and no more', () => {
  const use = fc.record({
    cores: fc.double({ min: 0.1, max: 8, noNaN: true }),
    weight: fc.double({ min: 0.1, max: 8, noNaN: true }),
  })
  fc.assert(
    fc.property(fc.array(use, { minLength: 1 }), fc.integer({ min: 1, max: 16 }), (uses, cores) => {
      const shares = cpuShares(uses, cores)
      const used = shares.reduce((sum, share, n) => sum + share * uses[n]!.cores, 0)
      const needed = uses.reduce((sum, one) => sum + one.cores, 0)
      expect(used).toBeCloseTo(Math.min(cores, needed))
      for (const share of shares) expect(share).toBeLessThanOrEqual(1 + 1e-9)
    }),
  )
})
