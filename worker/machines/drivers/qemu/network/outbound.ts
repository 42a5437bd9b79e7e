import { readFile, readlink } from 'node:fs/promises'
import { listProcessIds } from '../state/processes'
import { projectPath } from '@/lib/process/project-path'

/** TAP device of slirp4netns in the network namespace of a machine. */
const TAP_NAME = 'outside0'

/** resolv.conf of machines: slirp4netns forwards DNS queries to the resolver of the host, which stays unreachable itself. */
export const RESOLVER_FILE = projectPath('worker/machines/drivers/qemu/network/resolv.conf')

export const OUTBOUND_SCRIPT = projectPath('worker/machines/drivers/qemu/network/outbound.sh')

/** Command line that runs `command` in its own network namespace with internet access except to `blockedRanges`. */
export const withOutboundNetwork = (
  command: string[],
  { log, blockedRanges }: { log: string; blockedRanges: string[] },
) => ['sh', OUTBOUND_SCRIPT, log, blockedRanges.join(' '), ...command]

/**
 * Finds the process in the network namespace of a machine that is also in the user namespace owning it, among the children of
 * the machine's first process. Undefined for a machine that has no outbound network or has ended.
 */
export async function findNetworkNamespacePid(firstProcess: { pid: number }) {
  const networkOf = (pid: string | number) => readlink(`/proc/${pid}/ns/net`).catch(() => undefined)
  const [own, children] = await Promise.all([
    networkOf('self'),
    readFile(`/proc/${firstProcess.pid}/task/${firstProcess.pid}/children`, 'utf8').catch(() => ''),
  ])
  for (const pid of children.trim().split(' ')) {
    const network = await networkOf(pid)
    if (network && network !== own) return Number(pid)
  }
  return undefined
}

/** nsenter(1) command prefix that enters the network and user namespaces of a process. */
export const nsenterArgs = (pid: number) => [
  'nsenter',
  '--target',
  `${pid}`,
  '--user',
  '--net',
  '--preserve-credentials',
]

/** Bytes received and sent by a machine since its start; zeros for a machine without an outbound network. */
export async function readTraffic(id: string) {
  for (const pid of await listProcessIds(id)) {
    const counters = await readTapCounters(pid)
    if (counters) return { networkReceivedBytes: counters[0] ?? 0, networkSentBytes: counters[8] ?? 0 }
  }
  return { networkReceivedBytes: 0, networkSentBytes: 0 }
}

/** Counters of the TAP device (proc(5), `net/dev`): the first is received bytes, the ninth is sent bytes. */
async function readTapCounters(pid: number) {
  const text = await readFile(`/proc/${pid}/net/dev`, 'utf8').catch(() => '')
  return new RegExp(`^\\s*${TAP_NAME}:\\s*(.*)$`, 'm').exec(text)?.[1]?.trim().split(/\s+/).map(Number)
}

export const hasTap = async (pid: number) => (await readTapCounters(pid)) !== undefined

/** True once the default route through the TAP device exists, which is the last step of its setup. */
export async function hasDefaultRoute(pid: number) {
  const text = await readFile(`/proc/${pid}/net/route`, 'utf8').catch(() => '')
  return new RegExp(`^${TAP_NAME}\\s+00000000\\s`, 'm').test(text)
}
