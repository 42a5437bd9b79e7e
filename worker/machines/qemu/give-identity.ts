import type { MachineSpec } from '../hypervisor'
import type { Followed } from './followed'
import { identityScript } from './identity-script'
import type { MachineFolders } from './machine-folder'
import { runScript } from './run-script'

const IDENTITY_MS = 60_000

interface Given {
  spec: MachineSpec
  folders: MachineFolders
  followed: Followed
  signal: AbortSignal
}

/** Makes a guest that answers somebody of its own; from then on the machine is whole. */
export async function giveIdentity({ spec, folders, followed, signal }: Given) {
  const { id } = spec
  if ((await folders.read(id))?.isReady) return
  const agent = followed.agent(id)
  const script = identityScript(spec)
  const given = { script, timeoutMs: IDENTITY_MS, signal }
  if (agent.canBecome) await agent.become(given)
  // The agent of an older image or snapshot.
  else await runScript(agent, { ...given, onOutput: () => undefined })
  await folders.change(id, { isReady: true })
}
