import { createHash } from 'node:crypto'
import type { EC2Client, ResourceType, RunInstancesCommandInput } from '@aws-sdk/client-ec2'
import type { MachineSize, MachineSpec } from '@/worker/machines/hypervisor'
import { networkUnavailable } from '../machine-errors'
import { requireImage } from './ec2-images'
import type { Ec2Settings } from './ec2-settings'
import type { InstanceTypes } from './instance-types'
import { TAGS } from './tags'
import { toUserData } from './user-data'
import * as messages from '@/lib/generated/messages/machine-host-texts'

interface Options {
  ec2: EC2Client
  types: InstanceTypes
  settings: Ec2Settings
  spec: MachineSpec
}

/** An idempotency token: at most 64 ASCII characters. */
export const toClientToken = (...parts: string[]) =>
  createHash('sha256').update(parts.join('/')).digest('hex')

export const toDiskGiB = ({ diskMiB }: Pick<MachineSize, 'diskMiB'>) => Math.ceil(diskMiB / 1024)

/** @throws {PermanentError} machine.image_unknown, machine.image_broken, machine.no_offer, machine.network_unavailable */
export async function toLaunchRequest(options: Options): Promise<RunInstancesCommandInput> {
  const { ec2, types, settings, spec } = options
  const image = await requireImage(ec2, settings, spec.image)
  const group = spec.network === 'none' ? settings.isolatedGroup : settings.outboundGroup
  if (!group) throw networkUnavailable(messages.outboundGroupUnset())
  const [templateId, version = '$Default'] = settings.launchTemplate?.split(':') ?? []
  const mark = {
    [TAGS.owner]: settings.installationId,
    [TAGS.machine]: spec.id,
    [TAGS.diskMiB]: `${spec.size.diskMiB}`,
    Name: spec.hostname,
  }
  const tags = Object.entries(mark).map(([Key, Value]) => ({ Key, Value }))
  const tagged: ResourceType[] = ['instance', 'volume']
  if (settings.isSpot) tagged.push('spot-instances-request')
  const size = Math.max(toDiskGiB(spec.size), image.diskGiB)
  return {
    MinCount: 1,
    MaxCount: 1,
    ImageId: image.id,
    InstanceType: await types.choose(spec.size),
    SecurityGroupIds: [group],
    SubnetId: settings.subnet,
    UserData: toUserData(spec),
    BlockDeviceMappings: [
      { DeviceName: image.rootDevice, Ebs: { VolumeSize: size, DeleteOnTermination: true } },
    ],
    // A shutdown in the guest keeps the disk.
    InstanceInitiatedShutdownBehavior: 'stop',
    // cloud-init needs it. Programs that a container forwards to do not reach it.
    MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    TagSpecifications: tagged.map((type) => ({ ResourceType: type, Tags: tags })),
    ...(templateId ? { LaunchTemplate: { LaunchTemplateId: templateId, Version: version } } : {}),
    ...(settings.isSpot ? { InstanceMarketOptions: SPOT } : {}),
  }
}

/** EC2 can stop only persistent ones. */
const SPOT = {
  MarketType: 'spot',
  SpotOptions: { SpotInstanceType: 'persistent', InstanceInterruptionBehavior: 'stop' },
} as const
