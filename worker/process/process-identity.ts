import { readFile } from 'node:fs/promises'

/** A PID alone is reused; together with its start time it identifies one process until the host reboots. */
export interface ProcessIdentity {
  pid: number
  startTicks: string
}

/** Start time in clock ticks since boot (proc(5), `stat`); undefined for a process that has ended or is a zombie. */
export async function readStartTicks(pid: number) {
  const stat = await readProcStat(pid)
  return stat && stat[0] !== 'Z' && stat[0] !== 'X' ? stat[19] : undefined
}

export async function isSameProcess({ pid, startTicks }: ProcessIdentity) {
  return (await readStartTicks(pid)) === startTicks
}

/** The fields of proc(5) `stat` from the third (the state) on; the second, the name, may contain spaces. */
export async function readProcStat(pid: number) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat ? stat.slice(stat.lastIndexOf(')') + 2).split(' ') : undefined
}
