import { expect, it } from 'vitest'
import { runWithLocale } from '@/lib/i18n/run-with-locale'
import { findErrorCause } from '@/lib/tasks/error-fingerprint'
import { runProgram } from './run-program'

const fail = (output: string) =>
  runProgram({ file: 'sh', args: ['-c', `echo ${output} >&2; exit 1`], timeoutMs: 10_000 }).catch(
    (error: unknown) => error,
  )

it('fails with causes that depend on the output of the program, not on the language', async () => {
  const german = await runWithLocale('de', () => fail('the disk is full'))
  const english = await fail('the disk is full')
  expect((german as Error).message).not.toBe((english as Error).message)
  expect(findErrorCause(german)).toBe('sh failed (exit): the disk is full')
  expect(findErrorCause(english)).toBe(findErrorCause(german))
  expect(findErrorCause(await fail('no such image'))).not.toBe(findErrorCause(german))
})
