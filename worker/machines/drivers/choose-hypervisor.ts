import path from 'node:path'
import type { Config } from '@/lib/config/config'
import { FakeHypervisor } from './fake/fake-hypervisor'
import type { Hypervisor } from '../hypervisor'
import { IncusHypervisor } from './incus/incus-hypervisor'
import { QemuHypervisor } from './qemu/qemu-hypervisor'

interface Owner {
  /** Owns machines on this computer. */
  hostId: string
  /** Owns machines in a cluster. */
  installationId: string
}

/** Opens the hypervisor driver that is configured for this host; undefined when machines are off. */
export async function chooseHypervisor(
  config: Config,
  { hostId, installationId }: Owner,
): Promise<Hypervisor | undefined> {
  if (config.MACHINES === 'off') return undefined
  if (config.MACHINE_DRIVER === 'fake') return new FakeHypervisor({ stageMs: 100 })
  if (config.MACHINE_DRIVER === 'incus')
    return new IncusHypervisor({
      installationId,
      url: config.INCUS_URL!,
      token: config.INCUS_TOKEN,
      certificateDir: path.join(config.DATA_DIR, 'machines', 'incus'),
      project: config.INCUS_PROJECT,
      profile: config.INCUS_PROFILE,
      pool: config.INCUS_POOL,
      target: config.INCUS_TARGET,
      answerMs: config.MACHINE_ANSWER_SECONDS * 1000,
    })
  return QemuHypervisor.open({
    hostId,
    dataDir: config.DATA_DIR,
    isConfined: config.MACHINE_SANDBOX === 'on',
    answerMs: config.MACHINE_ANSWER_SECONDS * 1000,
    blockedRanges: config.MACHINE_CLOSED_NETWORKS,
    debian: { imageUrl: config.MACHINE_DEBIAN_IMAGE_URL, source: config.MACHINE_DEBIAN_SOURCE },
  })
}
