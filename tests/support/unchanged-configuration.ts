import { afterAll, expect } from 'vitest'
import { configSchema } from '@/lib/config/schema'

// Test files that share modules share what these have read from the environment.
const readVariables = () => Object.keys(configSchema.shape).map((name) => [name, process.env[name]])
const before = readVariables()
afterAll(() => {
  const advice = 'This file changes the configuration: list it in WITH_OWN_CONFIG of vitest.config.ts.'
  expect(readVariables(), advice).toEqual(before)
})
