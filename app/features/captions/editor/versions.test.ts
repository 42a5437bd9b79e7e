import { expect, it } from 'vitest'
import { groupRevisions } from './versions'

it('groups changes that follow each other closely', () => {
  const at = (number: number, clock: string) => ({
    number,
    createdAt: `2026-11-26T${clock}:00.000Z`,
    changedCues: 2,
  })
  const versions = groupRevisions([at(9, '12:07'), at(8, '12:03'), at(7, '12:00'), at(3, '09:00')])
  expect(versions).toMatchObject([
    { number: 9, changes: 3, changedCues: 6 },
    { number: 3, changes: 1 },
  ])
})
