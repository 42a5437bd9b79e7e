import { expect, it } from 'vitest'
import { runWithLocale } from '@/lib/i18n/run-with-locale'
import { imageBroken } from './machine-errors'

it('explains in the language of the owner why an image that a host has examined cannot be used', () => {
  const explain = () => imageBroken('own', 'Its file is empty.').message
  expect(explain()).toBe('The image own cannot be used: Its file is empty.')
  expect(runWithLocale('de', explain)).toBe(
    'Das Image own kann nicht verwendet werden: Seine Datei ist leer.',
  )
})
