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
      network: config.INCUS_NETWORK,
      target: config.INCUS_TARGET,
      hostId,
      images: config.INCUS_IMAGES,
      imagesDir: path.join(config.DATA_DIR, 'images', 'custom'),
      answerMs: config.MACHINE_ANSWER_SECONDS * 1000,
    })
  if (config.MACHINE_DRIVER === 'ec2') return openEc2(config, installationId)
  return QemuHypervisor.open({
    hostId,
    dataDir: config.DATA_DIR,
    isConfined: config.MACHINE_SANDBOX === 'on',
    answerMs: config.MACHINE_ANSWER_SECONDS * 1000,
    blockedRanges: config.MACHINE_CLOSED_NETWORKS,
    debian: { imageUrl: config.MACHINE_DEBIAN_IMAGE_URL, source: config.MACHINE_DEBIAN_SOURCE },
  })
}

const EC2_PATIENCE_MS = 20_000
const EC2_POLL_MS = 2_000
const EC2_CONSOLE_POLL_MS = 5_000

function toSerialConsole({
  EC2_SERIAL_CONSOLE_KEYS: fingerprints,
  EC2_SERIAL_CONSOLE_HOST: endpoint,
  EC2_REGION: region,
}: Config) {
  if (!fingerprints) return undefined
  const [host, port = '22'] = (endpoint ?? `serial-console.ec2-instance-connect.${region}.aws`).split(':')
  return { host: host!, port: Number(port), fingerprints }
}

async function openEc2(config: Config, installationId: string) {
  // The SDK is large.
  const { Ec2Hypervisor } = await import('./ec2/ec2-hypervisor')
  const instanceTypes = [...config.EC2_INSTANCE_TYPES].map(
    ([name, price]) => [name, price ? Number(price) : null] as const,
  )
  return new Ec2Hypervisor({
    installationId,
    region: config.EC2_REGION!,
    endpoint: config.EC2_ENDPOINT,
    images: config.EC2_IMAGES!,
    instanceTypes: new Map(instanceTypes),
    isolatedGroup: config.EC2_ISOLATED_GROUP!,
    outboundGroup: config.EC2_OUTBOUND_GROUP,
    subnet: config.EC2_SUBNET,
    launchTemplate: config.EC2_LAUNCH_TEMPLATE,
    isSpot: config.EC2_MARKET === 'spot',
    serialConsole: toSerialConsole(config),
    patienceMs: EC2_PATIENCE_MS,
    pollMs: EC2_POLL_MS,
    consolePollMs: EC2_CONSOLE_POLL_MS,
  })
}
