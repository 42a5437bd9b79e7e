import type { EC2Client } from '@aws-sdk/client-ec2'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ConsoleOutput } from './console-output'
import type { SerialSession } from './serial-console'

const POLL_MS = 1_000
const LINGER_MS = 60_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A session whose other end is the test. */
function createSession() {
  const ends: (() => void)[] = []
  const data: ((bytes: Buffer) => void)[] = []
  return {
    write: vi.fn<SerialSession['write']>(),
    close: vi.fn<SerialSession['close']>(),
    onData: (listener: (bytes: Buffer) => void) => void data.push(listener),
    onClose: (listener: () => void) => void ends.push(listener),
    print: (text: string) => data.forEach((listener) => listener(Buffer.from(text))),
    end: () => ends.forEach((listener) => listener()),
  } satisfies SerialSession & Record<string, unknown>
}

/** A console whose sessions open when the test resolves them. */
function createConsole() {
  const openings: PromiseWithResolvers<SerialSession>[] = []
  const console = new ConsoleOutput({
    ec2: { send: async () => ({ Output: '' }) } as unknown as EC2Client,
    instanceId: 'i-1',
    pollMs: POLL_MS,
    isRunning: async () => true,
    openSerial() {
      const opening = Promise.withResolvers<SerialSession>()
      openings.push(opening)
      return opening.promise
    },
    onEnd: () => undefined,
  })
  return {
    console,
    openings,
    /** Attaches a viewer, whose session is open. */
    async attach() {
      const attaching = console.attachViewer()
      await settle()
      const session = createSession()
      openings.at(-1)!.resolve(session)
      return { viewer: await attaching, session }
    },
  }
}

const settle = () => vi.advanceTimersByTimeAsync(0)

it('closes a session that opens after the console was closed', async () => {
  const { console, openings } = createConsole()
  void console.attachViewer()
  await settle()
  console.close()
  const session = createSession()
  openings[0]!.resolve(session)
  await settle()
  expect(session.close).toHaveBeenCalledOnce()
})

describe('a session that opens after the last viewer has left', () => {
  async function open() {
    const { console, openings, attach } = createConsole()
    const { viewer, session: first } = await attach()
    first.end()
    await vi.advanceTimersByTimeAsync(POLL_MS)
    expect(openings).toHaveLength(2)
    viewer.close()
    const session = createSession()
    openings[1]!.resolve(session)
    await vi.advanceTimersByTimeAsync(LINGER_MS / 2)
    return { console, session }
  }

  it('is closed when no other comes', async () => {
    const { session } = await open()
    await vi.advanceTimersByTimeAsync(LINGER_MS)
    expect(session.close).toHaveBeenCalledOnce()
  })

  it('is kept for a page that is reloaded', async () => {
    const { console, session } = await open()
    const next = await console.attachViewer()
    await vi.advanceTimersByTimeAsync(LINGER_MS)
    next.write(Buffer.from('x'))
    expect(session.write).toHaveBeenCalledOnce()
    expect(session.close).not.toHaveBeenCalled()
    console.close()
  })
})

it('a session that ends late neither ends the next one nor prints into it', async () => {
  const { console, attach } = createConsole()
  const { session: old } = await attach()
  console.close()
  const { viewer, session } = await attach()
  const printed: string[] = []
  viewer.onData((bytes) => void printed.push(bytes.toString()))
  old.print('late')
  old.end()
  session.print('now')
  viewer.write(Buffer.from('x'))
  expect(printed).toEqual(['now'])
  expect(session.write).toHaveBeenCalledOnce()
  console.close()
})
