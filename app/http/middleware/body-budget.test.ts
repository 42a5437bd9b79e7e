import { expect, it } from 'vitest'
import { BodyBudget } from './body-budget'

it('refuses what exceeds the share of one sender, then what exceeds the total', () => {
  const budget = new BodyBudget({ totalBytes: 10, senderBytes: 6 })
  budget.reserve('ada', 6)
  expect(() => budget.reserve('ada', 1)).toThrow('too many large requests')
  budget.reserve('eve', 4)
  expect(() => budget.reserve('eve', 1)).toThrow('The server is busy')
  budget.release('ada', 6)
  budget.reserve('eve', 2)
  budget.reserve('ada', 4)
})
