import { runEvery } from '@/lib/concurrency/run-every'
import { runProgram } from '@/worker/process/run-program'
import type { MachineFolders } from '../state/machine-folders'
import { readOwnAddresses } from './blocked-ranges'
import { nsenterArgs, findNetworkNamespacePid } from './outbound'

const POLL_INTERVAL_MS = 5_000
const BLOCK_TIMEOUT_MS = 10_000

/**
 * Closes addresses that this computer gets later to machines that were started before. Those that it had
 * at their start are closed already. Returns what ends it.
 */
export function startBlockingOwnAddresses(folders: MachineFolders) {
  /** What is closed to a machine, by its first process. */
  let known = new Map<string, string>()
  const look = async () => {
    const own = (await readOwnAddresses()).sort()
    const seen = new Map<string, string>()
    for (const id of await folders.list()) {
      const state = await folders.read(id)
      if (state?.spec.network !== 'outbound' || !state.process) continue
      const key = `${state.process.pid} ${state.process.startTicks}`
      if (known.get(key) === own.join()) seen.set(key, own.join())
      else if (await blockRanges(state.process, own)) seen.set(key, own.join())
    }
    known = seen
  }
  return runEvery({
    work: look,
    pauseMs: POLL_INTERVAL_MS,
    failureMessage: 'could not close own addresses to machines',
  })
}

/** @returns false when the machine is not there yet, or no more */
async function blockRanges(first: { pid: number }, ranges: string[]) {
  const inside = await findNetworkNamespacePid(first)
  if (inside === undefined) return false
  const [file, ...enter] = nsenterArgs(inside)
  const works = await Promise.all(
    ranges.map((range) =>
      runProgram({
        file: file!,
        args: [...enter, 'ip', 'route', 'replace', 'prohibit', range],
        timeoutMs: BLOCK_TIMEOUT_MS,
      }).then(
        () => true,
        () => false,
      ),
    ),
  )
  return works.every(Boolean)
}
