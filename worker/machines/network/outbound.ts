import path from 'node:path'
import { readFile } from 'node:fs/promises'
import { processesOf } from '../qemu/processes'

/** The only way out of a machine's own network, as it is called inside. */
const CARD = 'outside0'

/** What machines ask for names. The resolver of this computer answers, without being reached itself. */
export const RESOLVER_FILE = path.join(import.meta.dirname, 'resolv.conf')

/** The command line that runs `command` in a network of its own with a way out, but none to `forbidden` ranges. */
export const withOutbound = (command: string[], { log, forbidden }: { log: string; forbidden: string[] }) => [
  'sh',
  path.join(import.meta.dirname, 'outbound.sh'),
  log,
  forbidden.join(' '),
  ...command,
]

/** Processes of a machine that live in its network; empty for one without a way out. */
export async function processesInside(id: string) {
  const all = await Promise.all(
    (await processesOf(id)).map(async (pid) => ((await countersOf(pid)) ? [pid] : [])),
  )
  return all.flat()
}

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
