import { readFile } from 'node:fs/promises'
import { errorCode } from '@/lib/errors'

/** A PID alone is reused; together with its start time it identifies one process until the host reboots. */
export interface ProcessIdentity {
  pid: number
  startTicks: string
}

/** Start time in clock ticks since boot (proc(5), `stat`); undefined if the process has ended or is a zombie. */
export async function readStartTicks(pid: number) {
  const stat = await readProcStat(pid)
  return stat && stat[0] !== 'Z' && stat[0] !== 'X' ? stat[19] : undefined
}

/** Whether a process with this PID runs. It may be another one than expected: see `isSameProcess`. */
export async function isProcessAlive(pid: number) {
  if (await readProcStat(pid)) return (await readStartTicks(pid)) !== undefined
  // With hidepid, /proc does not show the processes of other users.
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

/** Whether the process still runs. */
export async function isSameProcess({ pid, startTicks }: ProcessIdentity) {
  return (await readStartTicks(pid)) === startTicks
}

/** The fields of proc(5) `stat` after the second, the name, which may contain spaces. */
export async function readProcStat(pid: number) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat ? stat.slice(stat.lastIndexOf(')') + 2).split(' ') : undefined
}
