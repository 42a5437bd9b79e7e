import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { TaskDto } from '@/lib/tasks/schema'
import { reportSeen } from './report-seen'
import { createLiveStore } from './store'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const task = (version: number, finishedAt: string | null, seenAt: string | null = null) =>
  ({ id: 'one', version, finishedAt, seenAt }) as TaskDto

it('tells each end once, when there is a connection, and only what nobody told before', () => {
  const store = createLiveStore()
  const told: string[][] = []
  let isConnected = false
  const seen = reportSeen(store, { isConnected: () => isConnected, tell: (ids) => told.push(ids) })
  store.add({ tasks: [task(1, null)] })
  store.add({ tasks: [task(2, '12:00'), { ...task(1, '11:00', '11:01'), id: 'known' }] })
  vi.runAllTimers()
  expect(told).toEqual([])
  isConnected = true
  seen.ask()
  vi.runAllTimers()
  store.add({ tasks: [task(3, '12:00')] })
  vi.runAllTimers()
  expect(told).toEqual([['one']])
  // Tried again, it ends again.
  store.add({ tasks: [task(4, null)] })
  store.add({ tasks: [task(5, '12:30')] })
  vi.runAllTimers()
  expect(told).toEqual([['one'], ['one']])
  seen.stop()
})
