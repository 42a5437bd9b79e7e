import { expect, it, vi } from 'vitest'
import type { Db } from '@/lib/database/db'
import { RunningTasks } from './running-tasks'

it('stops a run whose claim was lost, but not one that starts while the rows are read', async () => {
  const [first, second] = [new AbortController(), new AbortController()]
  let running: RunningTasks | undefined
  const $queryRaw = async () => {
    running!.add({ taskId: 'b', claim: 1 }, second)
    // Another worker has claimed the first one.
    return [{ id: 'a', claim: 2 }]
  }
  running = new RunningTasks({ $queryRaw } as unknown as Db)
  running.add({ taskId: 'a', claim: 1 }, first)
  await vi.waitFor(() => expect(first.signal.aborted).toBe(true), 5_000)
  await running.stopPolling()
  expect(second.signal.aborted).toBe(false)
})
