import { expect, it } from 'vitest'
import { numberDuplicates } from './number-duplicates'

it('numbers repeated texts, and never repeats one that is numbered already', () => {
  expect(numberDuplicates(['Key', 'Phone', 'Key', 'Key'])).toEqual(['Key', 'Phone', 'Key (2)', 'Key (3)'])
  expect(numberDuplicates(['Key (2)', 'Key', 'Key'])).toEqual(['Key (2)', 'Key', 'Key (3)'])
  expect(numberDuplicates([])).toEqual([])
})
