import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LinkWatch } from './link-watch'

const INTERVAL_MS = 1_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function createWatch() {
  const ended = new Set<string>()
  const isActive = vi.fn(async (shareId: string) => !ended.has(shareId))
  const watch = new LinkWatch({ isActive, intervalMs: INTERVAL_MS })
  /** A viewer who leaves when it is closed. */
  const add = (shareId: string, machineId = 'box') => {
    const close = vi.fn<() => void>(() => leave())
    const leave = watch.add({ shareId, machineId, close })
    return { close, leave }
  }
  return { watch, ended, isActive, add }
}

it('checks a link once per interval, however many viewers it has, and until the last has left', async () => {
  const { isActive, add } = createWatch()
  const viewers = Array.from({ length: 10 }, () => add('one'))
  await vi.advanceTimersByTimeAsync(3 * INTERVAL_MS)
  expect(isActive).toHaveBeenCalledTimes(3)
  for (const { leave } of viewers) leave()
  await vi.advanceTimersByTimeAsync(3 * INTERVAL_MS)
  expect(isActive).toHaveBeenCalledTimes(3)
})

it('closes all viewers of a link that has ended, and checks again for later ones', async () => {
  const { ended, add } = createWatch()
  const viewers = [add('one'), add('one')]
  const other = add('other')
  ended.add('one')
  await vi.advanceTimersByTimeAsync(INTERVAL_MS)
  for (const { close } of viewers) expect(close).toHaveBeenCalledOnce()
  expect(other.close).not.toHaveBeenCalled()
  const later = add('one')
  await vi.advanceTimersByTimeAsync(INTERVAL_MS)
  expect(later.close).toHaveBeenCalledOnce()
})

it('checks each link to a machine once when that has changed', async () => {
  const { watch, ended, isActive, add } = createWatch()
  const viewers = [add('one'), add('one'), add('two'), add('elsewhere', 'other')]
  ended.add('one')
  watch.checkMachine('box')
  await vi.advanceTimersByTimeAsync(0)
  expect(isActive.mock.calls.flat()).toEqual(['one', 'two'])
  expect(viewers.map(({ close }) => close.mock.calls.length)).toEqual([1, 1, 0, 0])
})
