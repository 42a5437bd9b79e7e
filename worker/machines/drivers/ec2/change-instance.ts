import {
  CancelSpotInstanceRequestsCommand,
  CreateTagsCommand,
  DescribeVolumesCommand,
  type EC2Client,
  type Instance,
  ModifyInstanceAttributeCommand,
  ModifyVolumeCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { waitUntil } from '@/lib/concurrency/wait-until'
import type { MachineSize } from '@/worker/machines/hypervisor'
import { diskCannotShrink } from '../machine-errors'
import { tagOf } from './describe-instances'
import { isMissingInstance } from './ec2-errors'
import type { InstanceTypes } from './instance-types'
import { toDiskGiB } from './launch-request'
import { TAGS } from './tags'
import { VISIBILITY_MS } from './visibility'

/** Terminates an instance, and its spot request, which would launch another one. */
export async function terminateInstance(ec2: EC2Client, instance: Instance, pollMs: number) {
  const { SpotInstanceRequestId: spotRequest, InstanceId: id } = instance
  if (spotRequest)
    await ec2.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [spotRequest] }))
  await whenKnown(() => ec2.send(new TerminateInstancesCommand({ InstanceIds: [id!] })), pollMs)
}

/** Repeats a request for a new instance that EC2 does not know everywhere yet. Gives up silently: it is gone then. */
async function whenKnown(send: () => Promise<unknown>, pollMs: number) {
  const isDone = () =>
    send().then(
      () => true,
      (error: unknown) => {
        if (isMissingInstance(error)) return false
        throw error
      },
    )
  await waitUntil(isDone, { intervalMs: pollMs, timeoutMs: VISIBILITY_MS })
}

interface Resize {
  types: InstanceTypes
  size: MachineSize
}

/** Changes type and disk of a stopped instance. Its disk is never smaller than that of its image. */
export async function resizeInstance(ec2: EC2Client, instance: Instance, { types, size }: Resize) {
  const oldMiB = Number(tagOf(instance, TAGS.diskMiB))
  if (size.diskMiB < oldMiB) throw diskCannotShrink(oldMiB, size.diskMiB)
  const id = instance.InstanceId!
  const type = await types.choose(size)
  if (type !== instance.InstanceType)
    await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, InstanceType: { Value: type } }))
  await growRootVolume(ec2, instance, toDiskGiB(size))
  const tag = { Key: TAGS.diskMiB, Value: `${size.diskMiB}` }
  await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [tag] }))
}

/** EC2 changes a volume only once in six hours, so that one that is large enough stays as it is. */
async function growRootVolume(ec2: EC2Client, instance: Instance, sizeGiB: number) {
  const { RootDeviceName: root, BlockDeviceMappings: devices = [] } = instance
  const volumeId = devices.find(({ DeviceName }) => DeviceName === root)?.Ebs?.VolumeId
  if (!volumeId) return
  const { Volumes: [volume] = [] } = await ec2.send(new DescribeVolumesCommand({ VolumeIds: [volumeId] }))
  if (volume && volume.Size! < sizeGiB)
    await ec2.send(new ModifyVolumeCommand({ VolumeId: volumeId, Size: sizeGiB }))
}
