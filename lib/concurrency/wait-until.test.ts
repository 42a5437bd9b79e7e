import { expect, it, vi } from 'vitest'
import { waitUntil } from './wait-until'

it('returns true as soon as the condition holds', async () => {
  const condition = vi.fn().mockResolvedValueOnce(false).mockResolvedValueOnce(true)
  expect(await waitUntil(condition, { intervalMs: 1 })).toBe(true)
  expect(condition).toHaveBeenCalledTimes(2)
})

it('returns false after the timeout, having checked the condition at least once', async () => {
  const condition = vi.fn(() => false)
  expect(await waitUntil(condition, { intervalMs: 1, timeoutMs: 0 })).toBe(false)
  expect(condition).toHaveBeenCalledOnce()
})

it('rejects with the reason of the signal, without waiting for the interval', async () => {
  const abort = new AbortController()
  const waiting = waitUntil(() => false, { intervalMs: 60_000, signal: abort.signal })
  abort.abort(new Error('canceled'))
  await expect(waiting).rejects.toThrow('canceled')
})

it('rejects with an error of the condition', async () => {
  const failing = () => Promise.reject(new Error('broken'))
  await expect(waitUntil(failing, { intervalMs: 1 })).rejects.toThrow('broken')
})
