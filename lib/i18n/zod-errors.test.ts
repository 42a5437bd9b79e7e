import { expect, it } from 'vitest'
import { z } from 'zod'
import { runWithLocale } from './run-with-locale'
import { translateZodErrors } from './zod-errors'

const readMessage = () => z.object({ name: z.string() }).safeParse({}).error?.issues[0]?.message

it('explains errors of schemas in the language of the request', () => {
  translateZodErrors()
  expect(readMessage()).toBe('Invalid input: expected string, received undefined')
  expect(runWithLocale('de', readMessage)).toBe('Ungültige Eingabe: erwartet string, erhalten undefined')
})
