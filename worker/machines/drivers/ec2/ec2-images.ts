import { DescribeImagesCommand, type EC2Client, type Image } from '@aws-sdk/client-ec2'
import type { ImageFacts } from '@/worker/machines/hypervisor'
import { imageBroken, imageUnknown } from '../machine-errors'
import type { Ec2Settings } from './ec2-settings'
import * as messages from '@/lib/generated/messages/machine-host-texts'

/** Images contain no minimum, and instances have at least the disk of their image: the smallest size that is offered. */
export const MINIMUM_SIZE = { cpus: 1, memoryMiB: 128, diskMiB: 128 }

/** The configured images. */
export async function listImages(ec2: EC2Client, { images }: Ec2Settings): Promise<ImageFacts[]> {
  const found = await describeImages(ec2, [...images.values()])
  return [...images].map(([name, id]) => {
    const image = found.get(id)
    return {
      name,
      label: name,
      description: describeImage(id, image),
      kind: 'vm',
      minimum: MINIMUM_SIZE,
      problem: image ? problemOf(image) : messages.imageAbsent(),
    }
  })
}

/** @throws {PermanentError} machine.image_unknown, machine.image_broken */
export async function requireImage(ec2: EC2Client, { images }: Ec2Settings, name: string) {
  const id = images.get(name)
  if (!id) throw imageUnknown(name)
  const image = (await describeImages(ec2, [id])).get(id)
  const problem = image ? problemOf(image) : messages.imageAbsent()
  if (!image || problem) throw imageBroken(name, problem!)
  const root = image.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === image.RootDeviceName)
  return { id, rootDevice: image.RootDeviceName!, diskGiB: root?.Ebs?.VolumeSize ?? 1 }
}

const describeImage = (id: string, image: Image | undefined) => {
  const name = image?.Description || image?.Name
  return name ? `${name} (${id}).` : messages.imageUnnamed({ value: id })
}

const problemOf = ({ State, RootDeviceName }: Image) =>
  State === 'available' && RootDeviceName ? null : messages.imageState({ value: State ?? 'incomplete' })

async function describeImages(ec2: EC2Client, ids: string[]) {
  // With a filter, absent images are no error.
  const filter = { Name: 'image-id', Values: ids }
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Filters: [filter] }))
  return new Map(Images.map((image) => [image.ImageId!, image]))
}
