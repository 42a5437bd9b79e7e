import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { waitUntil } from '@/lib/concurrency/wait-until'
import { AppError } from '@/lib/errors'
import {
  isSameProcess,
  type ProcessIdentity,
  readProcStat,
  readStartTicks,
} from '@/worker/process/process-identity'
import { killProcessGroup } from '@/worker/process/process-group'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

const TICKS_PER_SECOND = 100
const KILL_TIMEOUT_MS = 30_000
const KILL_INTERVAL_MS = 5

/**
 * True if the process is alive and belongs to the machine. PIDs and start times begin again when the host reboots, so the
 * recorded identity may match an unrelated process.
 */
export async function isMachineProcess(id: string, process: ProcessIdentity) {
  return (await isSameProcess(process)) && readCmdline(process.pid).includes(id)
}

/** PIDs of all processes on this host whose command line names the machine. */
export async function listProcessIds(id: string) {
  const processes = await listMachineProcesses()
  return processes.filter((process) => process.id === id).map(({ pid }) => pid)
}

/** IDs of machines that run from folders below `root`, including those whose folder is gone. */
export async function listRunningMachineIds(root: string) {
  const processes = await listMachineProcesses()
  const ours = processes.filter(({ cmdline }) => cmdline.some((argument) => argument.startsWith(`${root}/`)))
  return [...new Set(ours.map(({ id }) => id))]
}

async function listMachineProcesses() {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const cmdline = readCmdline(pid)
      const id = cmdline[cmdline.indexOf('-uuid') + 1]
      const isMachine = cmdline.includes('-uuid') && id && (await readStartTicks(pid))
      return isMachine ? [{ pid, id, cmdline }] : []
    }),
  )
  return found.flat()
}

/**
 * Command line of a process; empty when it has ended. Reads synchronously because the kernel serves it from memory: through
 * the thread pool, 200 processes take up to 100 times as long, and this is on the path of machine creation.
 */
function readCmdline(pid: number) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}

/** Kills all processes of a machine and waits until none is left. Idempotent. @throws {AppError} machine.undead */
export async function killMachine(id: string) {
  let pids: number[] = []
  const killAll = async () => {
    pids = await listProcessIds(id)
    for (const pid of pids) await killWithGroup(pid)
    return pids.length === 0
  }
  const isDead = await waitUntil(killAll, { intervalMs: KILL_INTERVAL_MS, timeoutMs: KILL_TIMEOUT_MS })
  if (!isDead) throw killFailed(pids)
}

async function killWithGroup(pid: number) {
  const group = Number((await readProcStat(pid))?.[2])
  if (group > 1) killProcessGroup(group)
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was killed with its group.
  }
}

/** CPU time and resident memory of all processes of a machine. */
export async function readResourceUsage(id: string) {
  const usages = await Promise.all((await listProcessIds(id)).map(readProcessUsage))
  return {
    cpuSeconds: usages.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    memoryBytes: usages.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
  }
}

async function readProcessUsage(pid: number) {
  const stat = await readProcStat(pid)
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return {
    cpuSeconds: (Number(stat?.[11] ?? 0) + Number(stat?.[12] ?? 0)) / TICKS_PER_SECOND,
    memoryBytes: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024,
  }
}

const killFailed = (pids: number[]) =>
  new AppError({
    code: 'machine.undead',
    message: messages.undead({ pids: pids.join(', ') }),
    status: 503,
  })
