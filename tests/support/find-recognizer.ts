import { readFileSync } from 'node:fs'
import { findDescendants } from '@/worker/process/descendants'
import { findProcesses } from './processes'

/** The IDs of the Node.js processes, inside their sandboxes, that recognize speech or speakers with files in `scratchDir`. */
export const findRecognizers = (scratchDir: string) =>
  findProcesses(scratchDir)
    .flatMap(({ pid }) => findDescendants(pid))
    .filter((pid, n, all) => all.indexOf(pid) === n && isRecognizer(pid))

function isRecognizer(pid: number) {
  try {
    const [program, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
    return program!.endsWith('/node') && /captions\/(speech|speakers)\/child\.ts$/.test(args.at(-1)!)
  } catch {
    // The process has ended.
    return false
  }
}
