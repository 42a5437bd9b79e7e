import { AppError } from '@/lib/errors'
import { machineSilent } from '../../machine-errors'
import { type AgentClient, createAgentClient } from '../agent/agent-client'
import type { QemuSettings } from '../qemu-settings'
import type { QemuCommand } from './qemu-args'
import type { QemuLifetime } from './qemu-sandbox'
import { readConsoleSizeBytes, watchForPanic } from '../console/panic'
import { killMachine } from '../state/processes'
import { startFailed, readStderrTail, spawnQemu, type SpawnedQemu } from './spawn-qemu'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

type GuestOptions = Pick<QemuCommand, 'spec' | 'backing' | 'bootFrom'> & {
  folder: string
  memoryPath?: string
  /** `own` by default. */
  lifetime?: QemuLifetime
  signal: AbortSignal
  /** Records the process and may provide the agent client. */
  onSpawn?(started: SpawnedQemu): Promise<AgentClient>
}

/**
 * Starts QEMU and waits until the agent in the guest responds. On failure and abort all processes of the machine are killed.
 * @throws {AppError} machine.silent, machine.panicked, machine.cannot_start; the signal's reason
 */
export async function startGuest(settings: QemuSettings, guest: GuestOptions) {
  const { spec, folder, signal } = guest
  signal.throwIfAborted()
  const consoleBefore = await readConsoleSizeBytes(folder)
  const started = await spawnQemu({
    machine: {
      spec,
      accelerator: settings.accelerator,
      backing: guest.backing,
      bootFrom: guest.bootFrom,
    },
    folder,
    memoryPath: guest.memoryPath,
    isConfined: settings.isConfined,
    lifetime: guest.lifetime ?? 'own',
    blockedRanges: settings.blockedRanges,
  })
  let agent: AgentClient | undefined
  try {
    agent = (await guest.onSpawn?.(started)) ?? createAgentClient(folder)
    await waitForAnswer({ agent, started, folder, signal, consoleBefore, answerMs: settings.answerMs })
    return { agent, ...started }
  } catch (error) {
    agent?.close()
    await killMachine(spec.id)
    throw error
  }
}

interface AnswerOptions {
  agent: AgentClient
  started: SpawnedQemu
  folder: string
  signal: AbortSignal
  answerMs: number
  /** Size of the console log before the start: only a panic after it counts. */
  consoleBefore: number
}

async function waitForAnswer(options: AnswerOptions) {
  const { agent, started, folder, signal, answerMs, consoleBefore } = options
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(answerTimedOut(answerMs)), answerMs)
  void started.exited.then(async () => stop.abort(startFailed(await readStderrTail(folder))))
  const panic = watchForPanic({
    folder,
    fromBytes: consoleBefore,
    onPanic: () => stop.abort(guestPanicked()),
  })
  try {
    await agent.ping(AbortSignal.any([signal, stop.signal]))
  } finally {
    clearTimeout(timer)
    panic.stop()
  }
}

const answerTimedOut = (answerMs: number) =>
  machineSilent(undefined, messages.answerTimedOut({ seconds: Math.round(answerMs / 1000) }))

const guestPanicked = () =>
  new AppError({
    code: 'machine.panicked',
    message: messages.panicked(),
    status: 503,
  })
