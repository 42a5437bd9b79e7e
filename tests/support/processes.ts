import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'

/** Lists processes of this host whose command line or environment contains `text`. */
export function findProcesses(text: string) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      const isNamed = command.includes(text) || readFileSync(`/proc/${pid}/environ`, 'utf8').includes(text)
      return isNamed && command !== '' ? [{ pid: Number(pid), command }] : []
    } catch {
      // The process has ended.
      return []
    }
  })
}

/** Kills a child process with SIGKILL and waits until it has exited. */
export async function killAndWait(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}
