import type { Config } from '@/lib/config/config'
import { FakeHypervisor } from './fake/fake-hypervisor'
import type { Hypervisor } from '../hypervisor'
import { QemuHypervisor } from './qemu/qemu-hypervisor'

/**
 * Opens the hypervisor driver that is configured for this host, for the machines that `hostId` owns; undefined when machines
 * are off.
 */
export async function chooseHypervisor(
  config: Config,
  { hostId }: { hostId: string },
): Promise<Hypervisor | undefined> {
  if (config.MACHINES === 'off') return undefined
  if (config.MACHINE_DRIVER === 'fake') return new FakeHypervisor({ stageMs: 100 })
  return QemuHypervisor.open({
    hostId,
    dataDir: config.DATA_DIR,
    isConfined: config.MACHINE_SANDBOX === 'on',
    answerMs: config.MACHINE_ANSWER_SECONDS * 1000,
    blockedRanges: config.MACHINE_CLOSED_NETWORKS,
    debian: { imageUrl: config.MACHINE_DEBIAN_IMAGE_URL, source: config.MACHINE_DEBIAN_SOURCE },
  })
}
