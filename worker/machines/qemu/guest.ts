import { AppError } from '@/lib/errors'
import { AgentClient } from './agent-client'
import type { Emulated } from './command-line'
import type { Lifetime } from './confine-machine'
import { files } from './machine-folder'
import { consoleBytes, watchForPanic } from './panic'
import { killMachine } from './processes'
import { cannotStart, lastWords, spawnMachine, type Started } from './spawn-machine'

/** How machines are run on this host. */
export interface Engine {
  qemuVersion: string
  accelerator: 'kvm' | 'tcg'
  isConfined: boolean
  /** Longest a guest may take until it answers, in milliseconds. */
  answerMs: number
  /** Ranges that machines with a way out do not reach, besides this computer itself. */
  closedRanges: string[]
}

type Guest = Pick<Emulated, 'spec' | 'backing' | 'bootFrom'> & {
  folder: string
  memoryPath?: string
  /** `own` if it is not said. */
  lifetime?: Lifetime
  signal: AbortSignal
  /** Writes it down, and may bring the agent's client of its own. */
  onSpawn?(started: Started): Promise<AgentClient>
}

export const agentOf = (folder: string) =>
  new AgentClient({
    control: `${folder}/${files.control}`,
    channel: (number) => `${folder}/${files.channel(number)}`,
  })

/**
 * Starts the emulator and waits until the guest itself has answered. When it does not, everything that
 * was started is ended again.
 * @throws {AppError} machine.silent, machine.panicked, machine.cannot_start; the signal's reason
 */
export async function startGuest(engine: Engine, guest: Guest) {
  const { spec, folder, signal } = guest
  signal.throwIfAborted()
  const consoleBefore = await consoleBytes(folder)
  const started = await spawnMachine({
    machine: {
      spec,
      accelerator: engine.accelerator,
      backing: guest.backing,
      bootFrom: guest.bootFrom,
    },
    folder,
    memoryPath: guest.memoryPath,
    isConfined: engine.isConfined,
    lifetime: guest.lifetime ?? 'own',
    closedRanges: engine.closedRanges,
  })
  let agent: AgentClient | undefined
  try {
    agent = (await guest.onSpawn?.(started)) ?? agentOf(folder)
    await answered({ agent, started, folder, signal, consoleBefore, answerMs: engine.answerMs })
    return { agent, ...started }
  } catch (error) {
    agent?.close()
    await killMachine(spec.id)
    throw error
  }
}

async function answered(given: {
  agent: AgentClient
  started: Started
  folder: string
  signal: AbortSignal
  answerMs: number
  consoleBefore: number
}) {
  const { agent, started, folder, signal, answerMs, consoleBefore } = given
  const stop = new AbortController()
  const clock = setTimeout(() => stop.abort(silent(answerMs)), answerMs)
  void started.exited.then(async () => stop.abort(cannotStart(await lastWords(folder))))
  const panic = watchForPanic(folder, consoleBefore, () => stop.abort(panicked()))
  try {
    await agent.ping(AbortSignal.any([signal, stop.signal]))
  } finally {
    clearTimeout(clock)
    panic.stop()
  }
}

const silent = (answerMs: number) =>
  new AppError({
    code: 'machine.silent',
    message: `The machine was started, but did not answer within ${Math.round(answerMs / 1000)} s. Its console shows how far it came.`,
    status: 503,
  })

export const panicked = () =>
  new AppError({
    code: 'machine.panicked',
    message: 'The machine’s kernel gave up while starting (a kernel panic). Its console shows why.',
    status: 503,
  })
