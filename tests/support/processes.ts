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
