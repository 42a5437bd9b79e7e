import { expect, it } from 'vitest'
import { AppError } from '@/lib/errors'
import { FailureLog } from './failure-log'

interface Warning {
  err: Error
  machineId?: string
}
const createFailureLog = (logged: Warning[]) =>
  new FailureLog({ warn: (warning: Warning) => void logged.push(warning) })

const fail = (message: string) => () => Promise.reject(new Error(message))
const succeed = () => Promise.resolve()

it('logs a failure once and again when it differs or recurs after a success', async () => {
  const logged: Warning[] = []
  const failures = createFailureLog(logged)
  for (const work of [fail('one'), fail('one'), fail('two'), succeed, fail('two')])
    await failures.runStep('ports', work)
  await failures.runForMachine({ step: 'machines', machineId: 'm' }, fail('two'))
  expect(logged.map(({ err }) => err.message)).toEqual(['one', 'two', 'two', 'two'])
  expect(logged.at(-1)).toMatchObject({ step: 'machines', machineId: 'm' })
})

it('ignores AppErrors of a machine but logs those of a step', async () => {
  const logged: Warning[] = []
  const failures = createFailureLog(logged)
  const refuse = () => Promise.reject(new AppError({ code: 'a.b', message: 'busy', status: 409 }))
  await failures.runForMachine({ step: 'machines', machineId: 'm' }, refuse)
  expect(logged).toEqual([])
  await failures.runStep('ports', refuse)
  expect(logged).toHaveLength(1)
})
