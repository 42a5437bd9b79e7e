import { afterEach, expect, it, vi } from 'vitest'
import { runWithLocale } from '@/lib/i18n/run-with-locale'
import {
  formatDate,
  formatDuration,
  formatDurationRange,
  formatElapsed,
  formatServerDate,
  formatTimeLeft,
} from './format'

const formatAll = () => [
  formatDuration(0.2),
  formatDuration(3900),
  formatDuration(14 * 86_400),
  formatDurationRange(180, 300),
  formatDurationRange(5400, 7200),
  formatElapsed(0.012),
  formatElapsed(1.4),
  formatTimeLeft(4),
  formatDate('2026-11-28T14:05:09Z', 'calendarDay'),
  formatDate('2026-11-28T14:05:09Z', 'calendarMonth'),
]

it('formats durations and dates in English outside of a request', () => {
  expect(formatAll()).toEqual([
    'less than 1 s',
    '1 h 5 min',
    '14 days',
    '3–5 min',
    '1 h 30 min – 2 h',
    '12 ms',
    '1.4 s',
    '4 s left',
    '28 Nov 2026',
    'Nov 2026',
  ])
})

it('formats durations and dates in the language of the request', () => {
  expect(runWithLocale('de', formatAll)).toEqual([
    'weniger als 1 s',
    '1 h 5 min',
    '14 Tage',
    '3–5 min',
    '1 h 30 min – 2 h',
    '12 ms',
    '1,4 s',
    'noch 4 s',
    '28.11.2026',
    'Nov. 2026',
  ])
})

afterEach(() => vi.unstubAllGlobals())

it.each([
  [['en-US', 'de-AT'], 'Jän. 2027'],
  [['en-US'], 'Jan. 2027'],
])('formats dates of a German page in a browser with the languages %o as %s', (languages, text) => {
  vi.stubGlobal('window', {})
  vi.stubGlobal('document', { documentElement: { lang: 'de' } })
  vi.stubGlobal('navigator', { languages })
  expect(formatDate('2027-01-28T14:05:09Z', 'calendarMonth')).toBe(text)
  expect(formatServerDate('2027-01-28T14:05:09Z', 'calendarMonth')).toBe('Jan. 2027')
})
