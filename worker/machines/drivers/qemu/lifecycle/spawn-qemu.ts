import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { AppError } from '@/lib/errors'
import { APPEND_NO_FOLLOW } from '@/lib/storage/regular-file'
import { nicenessArgs, NICENESS } from '@/worker/process/niceness'
import { confinedEnv } from '@/worker/process/program-env'
import { listBlockedRanges } from '../network/blocked-ranges'
import { withOutboundNetwork } from '../network/outbound'
import { buildQemuArgs, type QemuCommand } from './qemu-args'
import { buildSandboxCommand, toQemuFolder, type QemuLifetime } from './qemu-sandbox'
import { withFileSizeLimit } from './file-size-limit'
import { type ProcessIdentity, readStartTicks } from '@/worker/process/process-identity'
import { readTail } from '../console/tail'
import { guestFolderOf, machineFiles } from '../state/machine-files'
import { prepareGuestFolder } from '../state/guest-folder'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

const RESTORE_FD = 3
const CONSOLE_LOG_FD = 4

const MAX_STDERR_BYTES = 8_192

export interface SpawnedQemu {
  process: ProcessIdentity
  /** Resolves when the process has ended. Never rejects. */
  exited: Promise<void>
}

interface SpawnOptions {
  machine: Omit<QemuCommand, 'guestFolder' | 'consoleLogFd' | 'restoreFd'>
  folder: string
  /** Saved VM state to restore. */
  memoryPath?: string
  isConfined: boolean
  lifetime: QemuLifetime
  /** CIDR ranges that an outbound machine cannot reach, in addition to this host. */
  blockedRanges: string[]
}

/**
 * Starts QEMU as a detached process with its own session, not with spawnGroup: with the lifetime `own` it outlives this
 * worker.
 * @throws {AppError} machine.cannot_start
 */
export async function spawnQemu(options: SpawnOptions): Promise<SpawnedQemu> {
  const { machine, folder, memoryPath, isConfined, lifetime, blockedRanges } = options
  const { bootFrom, backing, accelerator, spec } = machine
  const isOutbound = spec.network === 'outbound'
  await prepareGuestFolder(folder)
  const guestFolder = guestFolderOf(folder)
  const log = await open(`${folder}/${machineFiles.emulatorLog}`, APPEND_NO_FOLLOW, 0o600)
  const consoleLog = await open(`${folder}/${machineFiles.consoleLog}`, APPEND_NO_FOLLOW, 0o600)
  const memory = memoryPath ? await open(memoryPath, 'r') : undefined
  try {
    const args = buildQemuArgs({
      ...machine,
      guestFolder: toQemuFolder(guestFolder, isConfined),
      consoleLogFd: CONSOLE_LOG_FD,
      restoreFd: memory && RESTORE_FD,
    })
    const readable = [...backing, ...(bootFrom === 'disk' ? [] : [bootFrom.kernel, bootFrom.initrd])]
    const devices = accelerator === 'kvm' ? ['/dev/kvm'] : []
    const network = isOutbound ? 'shared' : 'none'
    const command = isConfined
      ? buildSandboxCommand({ args, guestFolder, readable, devices, lifetime, network })
      : ['qemu-system-x86_64', ...args]
    const outbound = {
      log: `${folder}/${machineFiles.networkLog}`,
      blockedRanges: await listBlockedRanges(blockedRanges),
    }
    const limited = withFileSizeLimit(
      isOutbound ? withOutboundNetwork(command, outbound) : command,
      spec.size,
    )
    // A guest with the lifetime of the worker builds a template in the background.
    const priority =
      lifetime === 'worker' ? nicenessArgs(NICENESS.prewarm) : nicenessArgs(NICENESS.machine, 'machines')
    const [program, ...programArgs] = [...priority, ...limited]
    const child = spawn(program!, programArgs, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log.fd, log.fd, memory?.fd ?? 'ignore', consoleLog.fd],
      env: confinedEnv(),
    })
    const exited = once(child, 'exit').then(
      () => undefined,
      () => undefined,
    )
    const [error] = (await Promise.race([once(child, 'spawn'), once(child, 'error')])) as [Error?]
    if (error) throw startFailed(error.message)
    child.unref()
    const startTicks = await readStartTicks(child.pid!)
    if (!startTicks) throw startFailed(await readStderrTail(folder))
    return { process: { pid: child.pid!, startTicks }, exited }
  } finally {
    await log.close()
    await consoleLog.close()
    await memory?.close()
  }
}

/** The last lines that QEMU or its sandbox printed, at most 500 characters. */
export async function readStderrTail(folder: string) {
  const { bytes } = await readTail(`${folder}/${machineFiles.emulatorLog}`, { maxBytes: MAX_STDERR_BYTES })
  return bytes.toString().trim().split('\n').slice(-3).join(' ').slice(-500)
}

export const startFailed = (reason: string) =>
  new AppError({
    code: 'machine.cannot_start',
    message: reason ? messages.startFailed({ reason }) : messages.emulatorExited(),
    status: 503,
  })
