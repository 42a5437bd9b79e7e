import type { MachineSpec } from '@/worker/machines/hypervisor'
import type { MachineConnections } from '../state/machine-connections'
import { buildIdentityScript } from './identity-script'
import type { MachineFolders } from '../state/machine-folders'
import { runScript } from '../agent/run-script'

const PERSONALIZE_TIMEOUT_MS = 60_000

interface Options {
  spec: MachineSpec
  folders: MachineFolders
  followed: MachineConnections
  signal: AbortSignal
}

/** Makes a guest that answers somebody of its own; from then on the machine is whole. */
export async function personalizeGuest({ spec, folders, followed, signal }: Options) {
  const { id } = spec
  if ((await folders.read(id))?.isReady) return
  const agent = followed.getAgent(id)
  const script = buildIdentityScript(spec)
  const given = { script, timeoutMs: PERSONALIZE_TIMEOUT_MS, signal }
  if (agent.canRunInline) await agent.runInline(given)
  // The agent of an older image or snapshot.
  else await runScript(agent, { ...given, onOutput: () => undefined })
  await folders.update(id, { isReady: true })
}
