import { expect, it } from 'vitest'
import { message } from './message'
import { runWithLocale } from './run-with-locale'

const count = message<{ count: number }>({
  en: [['count', 2, { one: [0, ' machine'], other: [0, ' machines'] }]],
  de: [['count', 2, { one: [0, ' Maschine'], other: [0, ' Maschinen'] }]],
})

it('formats a message in English outside of a request', () => {
  expect(count({ count: 1 })).toBe('1 machine')
  expect(count({ count: 1200 })).toBe('1,200 machines')
})

it('formats a message in the locale of the request, also after it has waited', async () => {
  const german = runWithLocale('de', async () => {
    await new Promise(setImmediate)
    return count({ count: 1200 })
  })
  const english = runWithLocale('en', async () => count({ count: 2 }))
  expect(await Promise.all([german, english])).toEqual(['1.200 Maschinen', '2 machines'])
})
