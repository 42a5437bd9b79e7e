import { waitUntil } from '@/lib/concurrency/wait-until'
import { errorCode } from '@/lib/errors'
import { parseSnapshotImageName } from '@/lib/machines/snapshot-image-name'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { machineSilent } from '../machine-errors'
import type { Cluster } from './cluster'
import { runScript } from './run-script'

type IdentitySpec = Pick<MachineSpec, 'hostname' | 'sshKeys' | 'image'>

const RETRY_INTERVAL_MS = 250
const SCRIPT_TIMEOUT_MS = 20_000

interface Options {
  cluster: Cluster
  /** Of the instance in the API. */
  path: string
  script: string
  timeoutMs: number
  signal: AbortSignal
}

/**
 * Runs a script as soon as the guest can: a container at once, a virtual machine when its agent runs.
 * @throws {AppError} machine.silent after `timeoutMs`
 */
export async function runWhenReady({ cluster, path, script, timeoutMs, signal }: Options) {
  let cause: unknown
  const run = async () => {
    const options = { script, timeoutMs: SCRIPT_TIMEOUT_MS, signal, onOutput: () => undefined }
    try {
      return (await runScript(cluster, path, options)).exitCode === 0
    } catch (error) {
      signal.throwIfAborted()
      if (errorCode(error) === 'machine.cluster_unavailable') throw error
      cause = error
      return false
    }
  }
  if (!(await waitUntil(run, { intervalMs: RETRY_INTERVAL_MS, timeoutMs, signal })))
    throw machineSilent(cause)
}

/** Of a copied disk; each step only where the image has it. */
const NEW_IDENTITY = [
  '[ -s /etc/machine-id ] && : >/etc/machine-id && { systemd-machine-id-setup >/dev/null 2>&1 || true; }',
  '[ -d /etc/ssh ] && command -v ssh-keygen >/dev/null && rm -f /etc/ssh/ssh_host_* && ssh-keygen -A >/dev/null',
  '[ -e /root/.ssh/authorized_keys ] && : >/root/.ssh/authorized_keys',
]

/** Gives a new machine its host name, its keys and, if its image is a snapshot, an identity of its own. */
export const identityScript = ({ hostname, sshKeys, image }: IdentitySpec) =>
  [
    ...(parseSnapshotImageName(image) ? NEW_IDENTITY : []),
    'set -e',
    `echo ${quote(hostname)} > /etc/hostname`,
    `hostname ${quote(hostname)} 2>/dev/null || hostnamectl set-hostname ${quote(hostname)}`,
    ...(sshKeys.length > 0
      ? [
          'mkdir -p /root/.ssh && chmod 700 /root/.ssh',
          `printf '%s\\n' ${sshKeys.map(quote).join(' ')} > /root/.ssh/authorized_keys`,
          'chmod 600 /root/.ssh/authorized_keys',
        ]
      : []),
  ].join('\n')

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
