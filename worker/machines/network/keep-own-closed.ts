import { againAndAgain } from '../../again-and-again'
import { runProgram } from '../run-program'
import type { MachineFolders } from '../qemu/machine-folder'
import { ownAddresses } from './forbidden'
import { enterNetwork, outermostInside } from './outbound'

const LOOK_MS = 5_000
const CLOSE_MS = 10_000

/**
 * Closes addresses that this computer gets later to machines that were started before. Those that it had
 * at their start are closed already. Returns what ends it.
 */
export function keepOwnClosed(folders: MachineFolders) {
  /** What is closed to a machine, by its first process. */
  let known = new Map<string, string>()
  const look = async () => {
    const own = (await ownAddresses()).sort()
    const seen = new Map<string, string>()
    for (const id of await folders.list()) {
      const state = await folders.read(id)
      if (state?.spec.network !== 'outbound' || !state.process) continue
      const key = `${state.process.pid} ${state.process.startTicks}`
      if (known.get(key) === own.join()) seen.set(key, own.join())
      else if (await close(state.process, own)) seen.set(key, own.join())
    }
    known = seen
  }
  return againAndAgain({
    work: look,
    pauseMs: LOOK_MS,
    problem: 'could not close own addresses to machines',
  })
}

/** @returns false when the machine is not there yet, or no more */
async function close(first: { pid: number }, ranges: string[]) {
  const inside = await outermostInside(first)
  if (inside === undefined) return false
  const [file, ...enter] = enterNetwork(inside)
  const works = await Promise.all(
    ranges.map((range) =>
      runProgram({
        file: file!,
        args: [...enter, 'ip', 'route', 'replace', 'prohibit', range],
        timeoutMs: CLOSE_MS,
      }).then(
        () => true,
        () => false,
      ),
    ),
  )
  return works.every(Boolean)
}
