import { expect, it } from 'vitest'
import { AppError } from '@/lib/errors'
import { FailureLog } from './failure-log'

interface Told {
  err: Error
  machineId?: string
}
const failuresToldTo = (told: Told[]) => new FailureLog({ warn: (what: Told) => void told.push(what) })

const fail = (words: string) => () => Promise.reject(new Error(words))
const fine = () => Promise.resolve()

it('what fails is logged once, and again when it fails differently or anew', async () => {
  const told: Told[] = []
  const failures = failuresToldTo(told)
  for (const work of [fail('one'), fail('one'), fail('two'), fine, fail('two')])
    await failures.runStep('ports', work)
  await failures.runForMachine('machines', 'm', fail('two'))
  expect(told.map(({ err }) => err.message)).toEqual(['one', 'two', 'two', 'two'])
  expect(told.at(-1)).toMatchObject({ step: 'machines', machineId: 'm' })
})

it('a machine that refuses is no failure, a step that does is', async () => {
  const told: Told[] = []
  const failures = failuresToldTo(told)
  const refuse = () => Promise.reject(new AppError({ code: 'a.b', message: 'busy', status: 409 }))
  await failures.runForMachine('machines', 'm', refuse)
  expect(told).toEqual([])
  await failures.runStep('ports', refuse)
  expect(told).toHaveLength(1)
})
