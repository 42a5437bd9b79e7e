import { expect, it } from 'vitest'
import { moveItem } from './move-item'

it.each([
  [0, 2, 'bca'],
  [2, 0, 'cab'],
  [1, 1, 'abc'],
])('moves an item from %i to the place of %i', (from, to, result) =>
  expect(moveItem(['a', 'b', 'c'], { from, to }).join('')).toBe(result),
)
