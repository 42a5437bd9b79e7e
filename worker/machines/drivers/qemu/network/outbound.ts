import { readFile, readlink } from 'node:fs/promises'
import path from 'node:path'
import { listProcessIds } from '../state/processes'

/** The only way out of a machine's own network, as it is called inside. */
const TAP_NAME = 'outside0'

/** What machines ask for names. The resolver of this computer answers, without being reached itself. */
export const RESOLVER_FILE = path.join(import.meta.dirname, 'resolv.conf')

export const OUTBOUND_SCRIPT = path.join(import.meta.dirname, 'outbound.sh')

/** The command line that runs `command` in a network of its own with a way out, but none to `forbidden` ranges. */
export const withOutboundNetwork = (
  command: string[],
  { log, forbidden }: { log: string; forbidden: string[] },
) => ['sh', OUTBOUND_SCRIPT, log, forbidden.join(' '), ...command]

/**
 * Of the processes in a machine's network the one that lives where the rights over that network are. `first` is the
 * machine's first process. Undefined for a machine without a way out, and for one that has ended.
 */
export async function findNetworkNamespacePid(first: { pid: number }) {
  const networkOf = (pid: string | number) => readlink(`/proc/${pid}/ns/net`).catch(() => undefined)
  const [own, children] = await Promise.all([
    networkOf('self'),
    readFile(`/proc/${first.pid}/task/${first.pid}/children`, 'utf8').catch(() => ''),
  ])
  for (const pid of children.trim().split(' ')) {
    const network = await networkOf(pid)
    if (network && network !== own) return Number(pid)
  }
  return undefined
}

/** nsenter(1) into the network of that process, with the rights over it. */
export const nsenterArgs = (pid: number) => [
  'nsenter',
  '--target',
  `${pid}`,
  '--user',
  '--net',
  '--preserve-credentials',
]

/** Bytes that came to and from a machine since it was started; zeros for one without a way out. */
export async function readTraffic(id: string) {
  for (const pid of await listProcessIds(id)) {
    const counters = await readTapCounters(pid)
    if (counters) return { networkReceivedBytes: counters[0] ?? 0, networkSentBytes: counters[8] ?? 0 }
  }
  return { networkReceivedBytes: 0, networkSentBytes: 0 }
}

/** proc(5), `net/dev`: received bytes are the first of the card's numbers, sent ones the ninth. */
async function readTapCounters(pid: number) {
  const text = await readFile(`/proc/${pid}/net/dev`, 'utf8').catch(() => '')
  return new RegExp(`^\\s*${TAP_NAME}:\\s*(.*)$`, 'm').exec(text)?.[1]?.trim().split(/\s+/).map(Number)
}

export const hasTap = async (pid: number) => (await readTapCounters(pid)) !== undefined

/** Whether the way out is there and made the default, which is the last thing that is done with it. */
export async function hasDefaultRoute(pid: number) {
  const text = await readFile(`/proc/${pid}/net/route`, 'utf8').catch(() => '')
  return new RegExp(`^${TAP_NAME}\\s+00000000\\s`, 'm').test(text)
}
