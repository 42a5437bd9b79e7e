import { expect, it } from 'vitest'
import { z } from 'zod'
import { uuidV7 } from './uuid-v7'

it('creates distinct valid UUIDs of version 7 that begin with the time', () => {
  const before = Date.now()
  const ids = Array.from({ length: 1_000 }, uuidV7)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) {
    expect(z.uuidv7().parse(id)).toBe(id)
    const timeMs = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
    expect(timeMs).toBeGreaterThanOrEqual(before)
    expect(timeMs).toBeLessThanOrEqual(Date.now())
  }
})
