import type { MachineSpec } from '@/worker/machines/hypervisor'
import type { MachineConnections } from '../state/machine-connections'
import { buildIdentityScript } from './identity-script'
import type { MachineFolders } from '../state/machine-folders'
import { runScript } from '../agent/run-script'

const PERSONALIZE_TIMEOUT_MS = 60_000

interface Options {
  spec: MachineSpec
  folders: MachineFolders
  connections: MachineConnections
  signal: AbortSignal
}

/**
 * Gives a guest its own identity and marks the machine as ready. Does nothing for a machine that is ready.
 * @throws {AppError} machine.silent, machine.script_timeout
 */
export async function personalizeGuest({ spec, folders, connections, signal }: Options) {
  const { id } = spec
  if ((await folders.read(id))?.isReady) return
  const agent = connections.getAgent(id)
  const script = buildIdentityScript(spec)
  const options = { script, timeoutMs: PERSONALIZE_TIMEOUT_MS, signal }
  if (agent.canRunInline) await agent.runInline(options)
  // Agents of older images and snapshots cannot run scripts inline.
  else await runScript(agent, { ...options, onOutput: () => undefined })
  await folders.update(id, { isReady: true })
}
