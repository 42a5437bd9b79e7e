import { expect, it, vi } from 'vitest'
import { createCueStore } from './cue-store'
import { NO_CUES } from './fetch-cues'

/** A store whose fetches are answered by the test, in order. */
function createStore() {
  const fetches: (PromiseWithResolvers<void> & { revision: number; signal: AbortSignal })[] = []
  const store = createCueStore(async (known, { signal }) => {
    const answer = { ...Promise.withResolvers<void>(), revision: known.revision, signal }
    fetches.push(answer)
    await answer.promise
    return { loaded: { ...known, revision: known.revision + 1 } }
  })
  return { store, fetches }
}

it('fetches the cues of a track once for all that show it', async () => {
  const { store, fetches } = createStore()
  const listeners = [vi.fn<() => void>(), vi.fn<() => void>()]
  const unsubscribe = listeners.map((listener) => store.subscribe('a', listener))
  store.load('a', 1)
  store.load('a', 1)
  await vi.waitFor(() => expect(fetches).toHaveLength(1))
  fetches[0]!.resolve()
  await vi.waitFor(() => expect(store.read('a').revision).toBe(0))
  for (const listener of listeners) expect(listener).toHaveBeenCalledTimes(1)
  store.load('a', 1)
  unsubscribe[0]!()
  expect(store.read('a').revision).toBe(0)
  unsubscribe[1]!()
  expect(store.read('a')).toBe(NO_CUES)
  expect(fetches).toHaveLength(1)
})

it('fetches again after a fetch during which the track changed, on top of what that fetched', async () => {
  const { store, fetches } = createStore()
  store.subscribe('a', () => undefined)
  for (const version of [1, 2, 3]) {
    store.load('a', version)
    await vi.waitFor(() => expect(fetches).toHaveLength(1))
  }
  fetches[0]!.resolve()
  await vi.waitFor(() => expect(fetches).toHaveLength(2))
  expect(fetches[1]!.revision).toBe(0)
  fetches[1]!.resolve()
  await vi.waitFor(() => expect(store.read('a').revision).toBe(1))
  expect(fetches).toHaveLength(2)
})

it('fetches again when the row changes or is synced after a failure, and aborts when no component shows the track', async () => {
  const { store, fetches } = createStore()
  const unsubscribe = store.subscribe('a', () => undefined)
  store.load('a', 1)
  await vi.waitFor(() => expect(fetches).toHaveLength(1))
  fetches[0]!.reject(new Error('offline'))
  await vi.waitFor(() => {
    store.load('a', 1)
    expect(fetches).toHaveLength(2)
  })
  unsubscribe()
  expect(fetches[1]!.signal.aborted).toBe(true)
})
