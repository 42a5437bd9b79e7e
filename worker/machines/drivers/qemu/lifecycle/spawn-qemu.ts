import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, rm } from 'node:fs/promises'
import { AppError } from '@/lib/errors'
import { nicenessArgs, NICENESS } from '@/worker/process/niceness'
import { listBlockedRanges } from '../network/blocked-ranges'
import { withOutboundNetwork } from '../network/outbound'
import { buildQemuArgs, type QemuCommand } from './qemu-args'
import { buildSandboxCommand, SANDBOX_MACHINE_DIR, type QemuLifetime } from './qemu-sandbox'
import { withFileSizeLimit } from './file-size-limit'
import { machineFiles } from '../state/machine-folders'
import { readStartTicks } from '../state/processes'

const RESTORE_FD = 3

export interface SpawnedQemu {
  process: { pid: number; startTicks: string }
  /** Resolves when the process has ended; only this worker sees it, and only while it lives. */
  exited: Promise<void>
}

/** Starts the emulator in a session of its own; it goes on when this process ends, unless its lifetime is the worker's. */
export async function spawnQemu(given: {
  machine: Omit<QemuCommand, 'folder' | 'restoreFd'>
  folder: string
  /** A saved machine to go on from. */
  memoryPath?: string
  isConfined: boolean
  lifetime: QemuLifetime
  /** Ranges that a machine with a way out does not reach, besides this computer. */
  closedRanges: string[]
}): Promise<SpawnedQemu> {
  const { machine, folder, memoryPath, isConfined, lifetime, closedRanges } = given
  const { bootFrom, backing, accelerator, spec } = machine
  const isOutbound = spec.network === 'outbound'
  for (const name of [machineFiles.monitor, machineFiles.control, machineFiles.console])
    await rm(`${folder}/${name}`, { force: true })
  const log = await open(`${folder}/${machineFiles.emulatorLog}`, 'a', 0o600)
  // It must exist, with our rights, before anybody follows it.
  await (await open(`${folder}/${machineFiles.consoleLog}`, 'a', 0o600)).close()
  const memory = memoryPath ? await open(memoryPath, 'r') : undefined
  try {
    const args = buildQemuArgs({
      ...machine,
      folder: isConfined ? SANDBOX_MACHINE_DIR : folder,
      restoreFd: memory && RESTORE_FD,
    })
    const readable = [...backing, ...(bootFrom === 'disk' ? [] : [bootFrom.kernel, bootFrom.initrd])]
    const devices = accelerator === 'kvm' ? ['/dev/kvm'] : []
    const network = isOutbound ? 'shared' : 'none'
    const command = isConfined
      ? buildSandboxCommand({ args, folder, readable, devices, lifetime, network })
      : ['qemu-system-x86_64', ...args]
    const way = {
      log: `${folder}/${machineFiles.networkLog}`,
      forbidden: await listBlockedRanges(closedRanges),
    }
    const whole = withFileSizeLimit(isOutbound ? withOutboundNetwork(command, way) : command, spec.size)
    // Nobody waits for what only lives as long as this worker: it is made ahead, for others.
    const [file, ...rest] = lifetime === 'worker' ? [...nicenessArgs(NICENESS.prewarm), ...whole] : whole
    const child = spawn(file!, rest, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log.fd, log.fd, ...(memory ? [memory.fd] : [])],
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', NODE_ENV: 'production' },
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
    await memory?.close()
  }
}

/** What the emulator, or the sandbox around it, printed last. */
export async function readStderrTail(folder: string) {
  const text = await readFile(`${folder}/${machineFiles.emulatorLog}`, 'utf8').catch(() => '')
  return text.trim().split('\n').slice(-3).join(' ').slice(-500)
}

export const startFailed = (words: string) =>
  new AppError({
    code: 'machine.cannot_start',
    message: `The machine could not be started: ${words || 'its emulator ended at once.'}`,
    status: 503,
  })
