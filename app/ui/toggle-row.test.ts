import { expect, it } from 'vitest'
import { toggleRow } from './toggle-row'

const order = ['a', 'b', 'c', 'd']
const toggle = (selected: string, id: string, from?: string) =>
  [...toggleRow(new Set(selected), { id, from, order })].join('')

it('selects and deselects single rows', () => {
  expect(toggle('', 'b')).toBe('b')
  expect(toggle('bc', 'b')).toBe('c')
})

it('selects and deselects ranges in both directions', () => {
  expect(toggle('b', 'd', 'b')).toBe('bcd')
  expect(toggle('d', 'a', 'd')).toBe('dabc')
  expect(toggle('abcd', 'c', 'b')).toBe('ad')
})

it('toggles a single row if the other end of the range is gone', () => {
  expect(toggle('a', 'c', 'x')).toBe('ac')
})
