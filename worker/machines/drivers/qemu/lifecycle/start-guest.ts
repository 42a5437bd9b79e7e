import { AppError } from '@/lib/errors'
import { AgentClient } from '../agent/agent-client'
import type { QemuCommand } from './qemu-args'
import type { QemuLifetime } from './qemu-sandbox'
import { machineFiles } from '../state/machine-folders'
import { readConsoleSizeBytes, watchForPanic } from '../console/panic'
import { killMachine } from '../state/processes'
import { startFailed, readStderrTail, spawnQemu, type SpawnedQemu } from './spawn-qemu'

/** How machines are run on this host. */
export interface QemuSettings {
  qemuVersion: string
  accelerator: 'kvm' | 'tcg'
  isConfined: boolean
  /** Longest a guest may take until it answers, in milliseconds. */
  answerMs: number
  /** Ranges that machines with a way out do not reach, besides this computer itself. */
  closedRanges: string[]
}

type GuestOptions = Pick<QemuCommand, 'spec' | 'backing' | 'bootFrom'> & {
  folder: string
  memoryPath?: string
  /** `own` if it is not said. */
  lifetime?: QemuLifetime
  signal: AbortSignal
  /** Writes it down, and may bring the agent's client of its own. */
  onSpawn?(started: SpawnedQemu): Promise<AgentClient>
}

export const createAgentClient = (folder: string) =>
  new AgentClient({
    control: `${folder}/${machineFiles.control}`,
    channel: (number) => `${folder}/${machineFiles.channel(number)}`,
  })

/**
 * Starts the emulator and waits until the guest itself has answered. When it does not, everything that
 * was started is ended again.
 * @throws {AppError} machine.silent, machine.panicked, machine.cannot_start; the signal's reason
 */
export async function startGuest(engine: QemuSettings, guest: GuestOptions) {
  const { spec, folder, signal } = guest
  signal.throwIfAborted()
  const consoleBefore = await readConsoleSizeBytes(folder)
  const started = await spawnQemu({
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
    agent = (await guest.onSpawn?.(started)) ?? createAgentClient(folder)
    await waitForAnswer({ agent, started, folder, signal, consoleBefore, answerMs: engine.answerMs })
    return { agent, ...started }
  } catch (error) {
    agent?.close()
    await killMachine(spec.id)
    throw error
  }
}

async function waitForAnswer(given: {
  agent: AgentClient
  started: SpawnedQemu
  folder: string
  signal: AbortSignal
  answerMs: number
  consoleBefore: number
}) {
  const { agent, started, folder, signal, answerMs, consoleBefore } = given
  const stop = new AbortController()
  const clock = setTimeout(() => stop.abort(answerTimedOut(answerMs)), answerMs)
  void started.exited.then(async () => stop.abort(startFailed(await readStderrTail(folder))))
  const panic = watchForPanic(folder, consoleBefore, () => stop.abort(guestPanicked()))
  try {
    await agent.ping(AbortSignal.any([signal, stop.signal]))
  } finally {
    clearTimeout(clock)
    panic.stop()
  }
}

const answerTimedOut = (answerMs: number) =>
  new AppError({
    code: 'machine.silent',
    message: `The machine was started, but did not answer within ${Math.round(answerMs / 1000)} s. Its console shows how far it came.`,
    status: 503,
  })

export const guestPanicked = () =>
  new AppError({
    code: 'machine.panicked',
    message: 'The machine’s kernel gave up while starting (a kernel panic). Its console shows why.',
    status: 503,
  })
