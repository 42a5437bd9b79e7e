import { runEvery } from '@/lib/concurrency/run-every'
import { runProgram } from '@/worker/process/run-program'
import type { MachineFolders } from '../state/machine-folders'
import { readOwnAddresses } from './blocked-ranges'
import { nsenterArgs, findNetworkNamespacePid } from './outbound'

const POLL_INTERVAL_MS = 5_000
const BLOCK_TIMEOUT_MS = 10_000

/**
 * Blocks addresses that this host acquires later for machines that are running already; the addresses at their start are
 * blocked by outbound.sh. Returns an async stop.
 */
export function startBlockingOwnAddresses(folders: MachineFolders) {
  /** Blocked addresses by the first process of the machine. */
  let blocked = new Map<string, string>()
  const blockNewAddresses = async () => {
    const own = (await readOwnAddresses()).sort()
    const stillBlocked = new Map<string, string>()
    for (const id of await folders.list()) {
      const record = await folders.read(id)
      if (record?.spec.network !== 'outbound' || !record.process) continue
      const key = `${record.process.pid} ${record.process.startTicks}`
      const isBlocked = blocked.get(key) === own.join() || (await blockRanges(record.process, own))
      if (isBlocked) stillBlocked.set(key, own.join())
    }
    blocked = stillBlocked
  }
  return runEvery({
    work: blockNewAddresses,
    pauseMs: POLL_INTERVAL_MS,
    failureMessage: 'could not block own addresses for machines',
  })
}

/** Returns false when the network of the machine does not exist (yet), or a route could not be added. */
async function blockRanges(first: { pid: number }, ranges: string[]) {
  const namespacePid = await findNetworkNamespacePid(first)
  if (namespacePid === undefined) return false
  const [file, ...enter] = nsenterArgs(namespacePid)
  const results = await Promise.all(
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
  return results.every(Boolean)
}
