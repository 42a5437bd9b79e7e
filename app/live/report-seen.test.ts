import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { TaskDto } from '@/lib/tasks/schema'
import { reportSeen } from './report-seen'
import { createLiveStore } from './store'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const task = (version: number, finishedAt: string | null, seenAt: string | null = null) =>
  ({ id: 'one', version, finishedAt, seenAt }) as TaskDto

it('reports each finish once, while connected, and skips tasks that are already seen', () => {
  const store = createLiveStore()
  const reported: string[][] = []
  let isConnected = false
  const seen = reportSeen(store, { isConnected: () => isConnected, publishSeen: (ids) => reported.push(ids) })
  store.upsert({ tasks: [task(1, null)] })
  store.upsert({ tasks: [task(2, '12:00'), { ...task(1, '11:00', '11:01'), id: 'known' }] })
  vi.runAllTimers()
  expect(reported).toEqual([])
  isConnected = true
  seen.schedule()
  vi.runAllTimers()
  store.upsert({ tasks: [task(3, '12:00')] })
  vi.runAllTimers()
  expect(reported).toEqual([['one']])
  // A retry finishes again.
  store.upsert({ tasks: [task(4, null)] })
  store.upsert({ tasks: [task(5, '12:30')] })
  vi.runAllTimers()
  expect(reported).toEqual([['one'], ['one']])
  seen.stop()
})
