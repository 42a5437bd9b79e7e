import { mkdtemp, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { canAccessKvm } from './accelerator'
import { findQemuProblem, readQemuVersion } from './host-facts'
import { findBuildProblem } from './images/debian/bootstrap'
import { findOutboundProblem } from './network/outbound-problem'

export interface QemuDiagnosis {
  /** Undefined when QEMU cannot be used. */
  version: string | undefined
  canAccessKvm: boolean
  /** Why machines cannot run on this host and what to do about it; null when they can. */
  problem: string | null
  /** Why machines get no outbound network; null when they do. */
  outboundProblem: string | null
  /** Why a Debian image cannot be built on this host; null when it can. */
  buildProblem: string | null
}

/** Checks this host for `npm run doctor`. Starts no guest and builds no image, unlike `Hypervisor.describe`. */
export async function diagnoseQemu({ isConfined }: { isConfined: boolean }): Promise<QemuDiagnosis> {
  const folder = await mkdtemp(path.join(tmpdir(), 'meanwhile-doctor-'))
  const problem = await findQemuProblem({ isConfined, folder })
  await rmdir(folder)
  return {
    version: problem ? undefined : await readQemuVersion(),
    canAccessKvm: await canAccessKvm(),
    problem,
    outboundProblem: await findOutboundProblem({ isConfined }),
    buildProblem: await findBuildProblem(),
  }
}
