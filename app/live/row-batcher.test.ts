import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createRowBatcher } from './row-batcher'
import type { LiveStore } from './store'

const upsert = vi.fn<LiveStore['upsert']>()
const idsOf = (call: number) => upsert.mock.calls[call]![0].tasks!.map(({ id }) => id)

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', globalThis)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  upsert.mockReset()
})

const createBatcher = () => createRowBatcher({ upsert } as unknown as LiveStore)

it('applies a row without waiting for others', () => {
  createBatcher().add('tasks', { id: 'a' })
  vi.advanceTimersByTime(1)
  expect(idsOf(0)).toEqual(['a'])
})

it('applies rows that arrive within 16 ms in one render', () => {
  const batcher = createBatcher()
  batcher.add('tasks', { id: 'a' })
  vi.advanceTimersByTime(5)
  batcher.add('tasks', { id: 'b' })
  vi.advanceTimersByTime(5)
  batcher.add('tasks', { id: 'c' })
  vi.advanceTimersByTime(5)
  expect(upsert).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(5)
  expect(idsOf(1)).toEqual(['b', 'c'])
})
