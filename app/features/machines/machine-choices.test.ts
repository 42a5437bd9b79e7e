import { expect, it } from 'vitest'
import { sizeCards } from './machine-choices'

const nano = { name: 'nano', cpus: 2, memoryMiB: 512, pricePerHour: 0.0052 }
const plain = { name: 'plain', cpus: 2, memoryMiB: 1_024, pricePerHour: null }
const cardsOf = (offers: (typeof nano | typeof plain)[]) =>
  new Map(sizeCards({ images: [], offers, snapshots: [] }, 'tiny').map((card) => [card.value, card]))

it('shows type and price of each size, and refuses what is larger than all offers', () => {
  const cards = cardsOf([nano, plain])
  expect(cards.get('tiny')!.description).toContain('512 MiB disk · nano, $0.0052 per hour')
  expect(cards.get('medium')!.description).toMatch(/· plain$/)
  expect(cards.get('medium')!.unavailableReason).toBeNull()
  expect(cards.get('large')!.unavailableReason).toContain('Too large')
})

it('offers every size where sizes are exact', () =>
  expect([...cardsOf([]).values()].map(({ unavailableReason }) => unavailableReason)).toEqual([
    null,
    null,
    null,
    null,
  ]))
