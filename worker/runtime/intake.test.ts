import { expect, it } from 'vitest'
import { Intake } from './intake'

const intakeOf = (state: Partial<Pick<Intake, 'drainReason' | 'storageProblem'>>) => {
  const intake = new Intake()
  intake.add({ name: 'video.transcode', usesStorage: true })
  intake.add({ name: 'email.send' })
  return Object.assign(intake, state)
}

it('takes only tasks without files while the storage is unusable', () => {
  expect(intakeOf({ storageProblem: 'not mounted' }).openQueues).toEqual(['email.send'])
  expect(intakeOf({}).openQueues).toEqual(['video.transcode', 'email.send'])
})

it('takes nothing while it drains', () => {
  expect(intakeOf({ drainReason: 'The database is newer.' }).openQueues).toEqual([])
})
