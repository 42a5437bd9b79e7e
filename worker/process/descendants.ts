import { readFileSync } from 'node:fs'

/** A process and all its descendants, such as the programs inside a sandbox. */
export function findDescendants(pid: number): number[] {
  let children = ''
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  } catch {
    // The process has ended.
  }
  return [pid, ...children.split(' ').filter(Boolean).map(Number).flatMap(findDescendants)]
}
