import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { log } from '@/lib/log'
import { runEvery } from './run-every'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const options = { pauseMs: 100, failureMessage: 'work failed' }

it('runs at once and then one pause after the end of each run', async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let runs = 0
  const stop = runEvery({ ...options, work: () => gates[runs++]!.promise })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(runs).toBe(1)
  gates[0]!.resolve()
  await vi.advanceTimersByTimeAsync(99)
  expect(runs).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(runs).toBe(2)
  gates[1]!.resolve()
  await stop()
})

it('delays the first run by the initial delay', async () => {
  const work = vi.fn(async () => undefined)
  const stop = runEvery({ ...options, work, initialDelayMs: 50 })
  expect(work).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(50)
  expect(work).toHaveBeenCalledOnce()
  await stop()
})

it('logs a failed run and continues', async () => {
  const warn = vi.spyOn(log, 'warn').mockImplementation(() => undefined)
  const work = vi.fn(() => Promise.reject(new Error('failed')))
  const stop = runEvery({ ...options, work })
  await vi.advanceTimersByTimeAsync(250)
  expect(work).toHaveBeenCalledTimes(3)
  expect(warn).toHaveBeenLastCalledWith({ err: new Error('failed') }, 'work failed')
  warn.mockRestore()
  await stop()
})

it('starts no further run after stop, which resolves when the current run has settled', async () => {
  const gate = Promise.withResolvers<void>()
  const work = vi.fn(() => gate.promise)
  const stop = runEvery({ ...options, work })
  let isStopped = false
  const stopped = stop().then(() => (isStopped = true))
  await vi.advanceTimersByTimeAsync(0)
  expect(isStopped).toBe(false)
  gate.resolve()
  await stopped
  await vi.advanceTimersByTimeAsync(1_000)
  expect(work).toHaveBeenCalledOnce()
})
