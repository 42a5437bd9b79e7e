import { expect, it } from 'vitest'
import { getLocale } from '../i18n/locale'
import { runWithLocale } from '../i18n/run-with-locale'
import { SingleFlight } from './single-flight'

const { signal } = new AbortController()

/** Work that settles when `finish` is called or its signal aborts. */
function controllableWork() {
  const gate = Promise.withResolvers<string>()
  let runs = 0
  return {
    finish: gate.resolve,
    runs: () => runs,
    work(shared: AbortSignal) {
      runs++
      shared.addEventListener('abort', () => gate.reject(shared.reason as Error))
      return gate.promise
    },
  }
}

it('runs once for concurrent callers of the same key and again for a later caller', async () => {
  const flights = new SingleFlight()
  const { work, finish, runs } = controllableWork()
  const callers = [1, 2, 3].map(() => flights.run('a', work, { signal }))
  finish('result')
  expect(await Promise.all(callers)).toEqual(['result', 'result', 'result'])
  expect(runs()).toBe(1)
  await flights.run('a', work, { signal })
  expect(runs()).toBe(2)
})

it('reports progress to every caller', async () => {
  const flights = new SingleFlight<number>()
  const seen: string[] = []
  const work = async (_: AbortSignal, report: (progress: number) => void) => report(42)
  await Promise.all([
    flights.run('a', work, { signal, onProgress: (progress) => seen.push(`first ${progress}`) }),
    flights.run('a', work, { signal, onProgress: (progress) => seen.push(`second ${progress}`) }),
  ])
  expect(seen).toEqual(['first 42', 'second 42'])
})

it('continues for the other callers when one aborts', async () => {
  const flights = new SingleFlight()
  const { work, finish } = controllableWork()
  const controller = new AbortController()
  const aborted = flights.run('a', work, { signal: controller.signal })
  const remaining = flights.run('a', work, { signal })
  await Promise.resolve()
  controller.abort(new Error('canceled'))
  await expect(aborted).rejects.toThrow('canceled')
  finish('result')
  expect(await remaining).toBe('result')
})

it('aborts the work when the last caller aborts and waits until it has settled', async () => {
  const flights = new SingleFlight()
  const controller = new AbortController()
  const cleanup = Promise.withResolvers<void>()
  let isSettled = false
  const work = (shared: AbortSignal) =>
    new Promise((_, reject) => {
      shared.addEventListener('abort', () => {
        void cleanup.promise.then(() => {
          isSettled = true
          reject(shared.reason as Error)
        })
      })
      setImmediate(() => controller.abort(new Error('canceled')))
    })
  const run = flights.run('a', work, { signal: controller.signal })
  setTimeout(() => cleanup.resolve(), 5)
  await expect(run).rejects.toThrow('canceled')
  expect(isSettled).toBe(true)
})

it('starts a new run, after the old one has settled, for a caller that joins during an abort', async () => {
  const flights = new SingleFlight()
  const controller = new AbortController()
  const cleanup = Promise.withResolvers<void>()
  const aborting = Promise.withResolvers<void>()
  const first = flights.run(
    'a',
    (shared) =>
      new Promise((_, reject) => {
        shared.addEventListener('abort', () => {
          aborting.resolve()
          void cleanup.promise.then(() => reject(shared.reason as Error))
        })
        setImmediate(() => controller.abort(new Error('canceled')))
      }),
    { signal: controller.signal },
  )
  first.catch(() => undefined)
  await aborting.promise
  const second = flights.run('a', async () => 'new', { signal })
  cleanup.resolve()
  expect(await second).toBe('new')
  await expect(first).rejects.toThrow('canceled')
})

it('rejects every caller with the error of the work', async () => {
  const flights = new SingleFlight()
  const work = () => Promise.reject(new Error('failed'))
  const results = await Promise.allSettled([1, 2].map(() => flights.run('a', work, { signal })))
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

it('reports progress in the locale of each caller', async () => {
  const flights = new SingleFlight<number>()
  const seen: string[] = []
  const work = async (_: AbortSignal, report: (progress: number) => void) => report(42)
  const onProgress = () => void seen.push(getLocale())
  await Promise.all(
    (['de', 'en'] as const).map((locale) =>
      runWithLocale(locale, () => flights.run('a', work, { signal, onProgress })),
    ),
  )
  expect(seen).toEqual(['de', 'en'])
})
