import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest'
import { SessionPool } from './session-pool'
import type { Transcriber, TranscriberSession, TranscriberSessionOptions } from './transcriber'

const scratchDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-sessions-'))
afterAll(() => rmSync(scratchDir, { recursive: true, force: true }))
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const settings = { threads: 1, memoryBytes: 1 }

/** A pool with a transcriber whose sessions are numbered. */
function createPool() {
  const opened: TranscriberSessionOptions[] = []
  const closed: number[] = []
  const open = async (options: TranscriberSessionOptions) => {
    const number = opened.push(options)
    return {
      close: async () => void closed.push(number),
      peakMemoryBytes: () => number,
    } as TranscriberSession
  }
  const transcriber = { title: 'Whisper (base)', open } as Transcriber
  const pool = new SessionPool()
  const use = (
    captionId: string,
    work = async () => {},
    signal = new AbortController().signal,
    isKept?: boolean,
  ) =>
    pool.use({ transcriber, captionId, isKept, settings, scratchDir, signal }, async (session) => {
      await work()
      return session.peakMemoryBytes()
    })
  const prepare = (threads = 1) =>
    pool.prepare({ transcriber, settings: { ...settings, threads }, scratchDir })
  return { use, prepare, opened, closed }
}

it('uses the session of a track again, and none for another track or a part that runs beside', async () => {
  const { use, closed } = createPool()
  expect(await use('a')).toBe(1)
  expect(await use('a', async () => expect(await use('a')).toBe(2))).toBe(1)
  expect(await use('b')).toBe(3)
  expect(closed).toEqual([])
})

it('closes an idle session after a moment, and removes its files', async () => {
  const { use, closed } = createPool()
  await use('a')
  vi.advanceTimersByTime(2_000)
  await use('a')
  vi.advanceTimersByTime(2_900)
  expect(closed).toEqual([])
  expect(readdirSync(scratchDir)).not.toEqual([])
  vi.advanceTimersByTime(200)
  await vi.waitFor(() => expect(closed).toEqual([1]))
  expect(await use('a')).toBe(2)
})

it('ends a session when the signal of its current use aborts, also if another use has opened it', async () => {
  const { use, opened, closed } = createPool()
  const first = new AbortController()
  await use('a', undefined, first.signal)
  first.abort()
  expect(opened[0]!.signal.aborted).toBe(false)
  const second = new AbortController()
  const reason = new Error('canceled')
  const used = use(
    'a',
    async () => {
      second.abort(reason)
      opened[0]!.signal.throwIfAborted()
    },
    second.signal,
  )
  await expect(used).rejects.toBe(reason)
  expect(closed).toEqual([1])
})

it('does not use a session again whose use was aborted at its end', async () => {
  const { use, closed } = createPool()
  const stop = new AbortController()
  await use('a', async () => stop.abort(), stop.signal)
  expect(closed).toEqual([1])
  expect(await use('a')).toBe(2)
})

it('closes a session at once that is not kept', async () => {
  const { use, closed } = createPool()
  await use('a', undefined, undefined, false)
  expect(closed).toEqual([1])
})

it('opens a session in advance for the next track with the same settings, and no second one beside it', async () => {
  const { use, prepare, opened, closed } = createPool()
  prepare()
  prepare()
  await vi.waitFor(() => expect(opened).toHaveLength(1))
  expect(await use('a', async () => prepare())).toBe(1)
  expect(await use('b')).toBe(2)
  expect(closed).toEqual([])
  prepare(8)
  await vi.waitFor(() => expect(opened).toHaveLength(3))
  expect(await use('c')).toBe(4)
})

it('closes a prepared session that is not used in time', async () => {
  const { use, prepare, opened, closed } = createPool()
  const before = readdirSync(scratchDir)
  prepare()
  await vi.waitFor(() => expect(opened).toHaveLength(1))
  vi.advanceTimersByTime(30_000)
  await vi.waitFor(() => expect(closed).toEqual([1]))
  await vi.waitFor(() => expect(readdirSync(scratchDir)).toEqual(before))
  expect(await use('a')).toBe(2)
})

it('does not use a session again after an error', async () => {
  const { use, closed } = createPool()
  const failing = use('a', async () => {
    throw new Error('it crashed')
  })
  await expect(failing).rejects.toThrow('it crashed')
  expect(closed).toEqual([1])
  expect(await use('a')).toBe(2)
})
