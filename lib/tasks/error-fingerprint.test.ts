import { expect, it } from 'vitest'
import { AppError } from '../errors'
import { findErrorCause, fingerprintError } from './error-fingerprint'

it.each([
  ['ENOENT: no such file, open /data/videos/0193a/a.mp4', 'ENOENT: no such file, open /srv/x.mov'],
  ['no task 01936a64-1b1c-7c8e-9e1a-111111111111 here', 'no task 01936a64-1b1c-7c8e-9e1a-222222222222 here'],
  ['exit code 187 after 12.5 s', 'exit code 1 after 300.25 s'],
  ['cannot read "harbour.mp4"', 'cannot read "scan0.avi"'],
])('returns the same fingerprint for %j and %j', (first, second) => {
  expect(fingerprintError(first)).toBe(fingerprintError(second))
})

it('returns different fingerprints for different causes', () => {
  expect(fingerprintError('the disk is full')).not.toBe(fingerprintError('the disk is gone'))
})

it('finds the same cause of an error in all languages', () => {
  const refused = (message: string, cause?: unknown) => new AppError({ code: 'mail.refused', message, cause })
  expect(findErrorCause(refused('Refused.'))).toBe('mail.refused')
  expect(findErrorCause(refused('Abgelehnt.'))).toBe('mail.refused')
  expect(findErrorCause(refused('Abgelehnt.', new Error('554 at 10.0.0.1')))).toBe('# at #.#.#.#')
  expect(findErrorCause('no error')).toBe('no error')
})
