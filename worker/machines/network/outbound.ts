import { readFile, readlink } from 'node:fs/promises'
import path from 'node:path'
import { processesOf } from '../qemu/processes'

/** The only way out of a machine's own network, as it is called inside. */
const CARD = 'outside0'

/** What machines ask for names. The resolver of this computer answers, without being reached itself. */
export const RESOLVER_FILE = path.join(import.meta.dirname, 'resolv.conf')

export const OUTBOUND = path.join(import.meta.dirname, 'outbound.sh')

/** The command line that runs `command` in a network of its own with a way out, but none to `forbidden` ranges. */
export const withOutbound = (command: string[], { log, forbidden }: { log: string; forbidden: string[] }) => [
  'sh',
  OUTBOUND,
  log,
  forbidden.join(' '),
  ...command,
]

/**
 * Of the processes in a machine's network the one that lives where the rights over that network are. `first` is the
 * machine's first process. Undefined for a machine without a way out, and for one that has ended.
 */
export async function outermostInside(first: { pid: number }) {
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
export const enterNetwork = (pid: number) => [
  'nsenter',
  '--target',
  `${pid}`,
  '--user',
  '--net',
  '--preserve-credentials',
]

/** Bytes that came to and from a machine since it was started; zeros for one without a way out. */
export async function trafficOf(id: string) {
  for (const pid of await processesOf(id)) {
    const counters = await countersOf(pid)
    if (counters) return { networkReceivedBytes: counters[0] ?? 0, networkSentBytes: counters[8] ?? 0 }
  }
  return { networkReceivedBytes: 0, networkSentBytes: 0 }
}

/** proc(5), `net/dev`: received bytes are the first of the card's numbers, sent ones the ninth. */
async function countersOf(pid: number) {
  const text = await readFile(`/proc/${pid}/net/dev`, 'utf8').catch(() => '')
  return new RegExp(`^\\s*${CARD}:\\s*(.*)$`, 'm').exec(text)?.[1]?.trim().split(/\s+/).map(Number)
}

export const hasCard = async (pid: number) => (await countersOf(pid)) !== undefined

/** Whether the way out is there and made the default, which is the last thing that is done with it. */
export async function isOpenFrom(pid: number) {
  const text = await readFile(`/proc/${pid}/net/route`, 'utf8').catch(() => '')
  return new RegExp(`^${CARD}\\s+00000000\\s`, 'm').test(text)
}
