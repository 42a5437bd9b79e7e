import { expect, it } from 'vitest'
import { AppError } from '@/lib/errors'
import { toTaskError, toAttemptError } from './task-error'

it('says nothing that cannot be stored, whatever a program printed and wherever it was cut', () => {
  const error = new Error(`${'x'.repeat(7_999)}😀 \0`)
  expect(toAttemptError(error).detail.at(-1)).toBe('\ufffd')
  const refused = new AppError({ code: 'media.bad', message: 'a\0b \ud83d', status: 422 })
  expect(toTaskError(refused).message).toBe('ab \ufffd')
})
