import { expect, it } from 'vitest'
import { runWithLocale } from '../i18n/run-with-locale'
import { formatBytes } from './format-bytes'

const SIZES = [0, 999, 12_345, 1_500_000, 12_250_000_000, 1_500_500_000_000_000]

it('formats sizes in English outside of a request', () => {
  expect(SIZES.map(formatBytes)).toEqual(['0 bytes', '999 bytes', '12 kB', '1.5 MB', '12.3 GB', '1500.5 TB'])
})

it('formats sizes in the language of the request', () => {
  const german = runWithLocale('de', () => SIZES.map(formatBytes))
  expect(german.map((text) => text.replaceAll('\u00a0', ' '))).toEqual([
    '0 Byte',
    '999 Byte',
    '12 kB',
    '1,5 MB',
    '12,3 GB',
    '1500,5 TB',
  ])
})
