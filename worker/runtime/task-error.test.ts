import { expect, it } from 'vitest'
import { AppError } from '@/lib/errors'
import { toTaskError, toAttemptError } from './task-error'

it('contains no character that Postgres cannot store, even where output was truncated', () => {
  const error = new Error(`${'x'.repeat(7_999)}😀 \0`)
  expect(toAttemptError(error).detail.at(-1)).toBe('\ufffd')
  const refused = new AppError({ code: 'media.bad', message: 'a\0b \ud83d', status: 422 })
  expect(toTaskError(refused).message).toBe('ab \ufffd')
})
