import { expect, it } from 'vitest'
import { formatMinutes } from './duration-options'

it.each([
  [1, '1 minute'],
  [90, '90 minutes'],
  [60, '1 hour'],
  [480, '8 hours'],
  [1_440, '1 day'],
  [20_160, '2 weeks'],
])('formats %i minutes as %s', (minutes, text) => expect(formatMinutes(minutes)).toBe(text))
