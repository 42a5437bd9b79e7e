import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { AppError } from '@/lib/errors'
import { killProcessGroup } from '@/worker/process/process-group'

const TICKS_PER_SECOND = 100
const KILL_TIMEOUT_MS = 30_000

/** When it was started, in ticks since the host's boot: with its number it names a process for good. */
export async function readStartTicks(pid: number) {
  const stat = await readProcStat(pid)
  return stat && stat[0] !== 'Z' && stat[0] !== 'X' ? stat[19] : undefined
}

export async function isSameProcess({ pid, startTicks }: { pid: number; startTicks: string }) {
  return (await readStartTicks(pid)) === startTicks
}

/**
 * Whether that process lives and is of this machine: numbers and times begin anew with the host, so after it was started again
 * somebody else may have both.
 */
export async function isMachineProcess(id: string, process: { pid: number; startTicks: string }) {
  return (await isSameProcess(process)) && readCmdline(process.pid).includes(id)
}

/** All processes on this host whose command line names this machine. */
export async function listProcessIds(id: string) {
  const all = await listMachineProcesses()
  return all.filter((found) => found.id === id).map(({ pid }) => pid)
}

/** Ids of machines that run from folders below `root`, also where the folder is gone. */
export async function listRunningMachineIds(root: string) {
  const all = await listMachineProcesses()
  const ours = all.filter(({ words }) => words.some((word) => word.startsWith(`${root}/`)))
  return [...new Set(ours.map(({ id }) => id))]
}

async function listMachineProcesses() {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const words = readCmdline(pid)
      const id = words[words.indexOf('-uuid') + 1]
      const isMachine = words.includes('-uuid') && id && (await readStartTicks(pid))
      return isMachine ? [{ pid, id, words }] : []
    }),
  )
  return found.flat()
}

/**
 * Of the command line of a process. It comes from memory and is read at once: by way of the thread pool those of two
 * hundred processes take up to a hundred times as long, while somebody waits for a machine.
 */
function readCmdline(pid: number) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    // It has ended.
    return []
  }
}

/** Kills everything of a machine; resolves when nothing is left. @throws {AppError} machine.undead */
export async function killMachine(id: string) {
  const until = performance.now() + KILL_TIMEOUT_MS
  for (;;) {
    const pids = await listProcessIds(id)
    if (pids.length === 0) return
    if (performance.now() > until) throw killFailed(pids)
    for (const pid of pids) {
      const group = Number((await readProcStat(pid))?.[2])
      if (group > 1) killProcessGroup(group)
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It went with its group.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Processor time and memory of all processes of a machine. */
export async function readResourceUsage(id: string) {
  const all = await Promise.all((await listProcessIds(id)).map(readProcessUsage))
  return {
    cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    memoryBytes: all.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
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

/** The fields of proc(5) `stat` from the third, the state, on: the second may hold blanks. */
async function readProcStat(pid: number) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat ? stat.slice(stat.lastIndexOf(')') + 2).split(' ') : undefined
}

const killFailed = (pids: number[]) =>
  new AppError({
    code: 'machine.undead',
    message: `The machine's processes (${pids.join(', ')}) cannot be ended: this server's disk or kernel hangs.`,
    status: 503,
  })
