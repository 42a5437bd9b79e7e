import { waitUntil } from '@/lib/concurrency/wait-until'
import { errorCode } from '@/lib/errors'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { machineSilent } from '../machine-errors'
import type { Cluster } from './cluster'
import { runScript } from './run-script'

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

/** Sets the host name and, in a new machine, the authorized keys. */
export const identityScript = ({ hostname, sshKeys }: Pick<MachineSpec, 'hostname' | 'sshKeys'>) =>
  [
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
