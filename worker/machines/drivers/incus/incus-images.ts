import type { ImageFacts, MachineSpec } from '@/worker/machines/hypervisor'
import { sizeTooSmall } from '../machine-errors'
import type { Cluster, Instance } from './cluster'

export interface ClusterImage {
  fingerprint: string
  aliases: { name: string; description: string }[] | null
  properties: ImageProperties
  type: Instance['type']
}

export type ImageProperties = Record<string, string>

/** Keys of the mark of a snapshot among the properties of its image. */
export const imageKeys = { owner: 'meanwhile.owner', diskMiB: 'meanwhile.disk-mib' }

/** Images contain no minimum: the smallest size that is offered. */
export const MINIMUM_SIZE = { cpus: 1, memoryMiB: 128, diskMiB: 128 }

/** The images of the project that have a name (an alias), without the snapshots of other installations. */
export async function listImages(cluster: Cluster, installationId: string): Promise<ImageFacts[]> {
  const images = await cluster.request<ClusterImage[]>({ path: '/1.0/images?recursion=1' })
  const isUsable = ({ properties }: ClusterImage) =>
    [undefined, installationId].includes(properties[imageKeys.owner])
  return images.filter(isUsable).flatMap(({ aliases, properties, type }) =>
    (aliases ?? []).map(({ name, description }) => ({
      name,
      label: name,
      description:
        description || `${properties['description'] ?? 'An image of the cluster'}.`.replace(/\.\.$/, '.'),
      kind: type === 'container' ? ('container' as const) : ('vm' as const),
      minimum: {
        ...MINIMUM_SIZE,
        diskMiB: Number(properties[imageKeys.diskMiB] ?? MINIMUM_SIZE.diskMiB),
      },
      problem: null,
    })),
  )
}

/** @throws {PermanentError} machine.too_small */
export function requireMinimum({ size }: Pick<MachineSpec, 'size'>) {
  if (size.memoryMiB < MINIMUM_SIZE.memoryMiB) throw sizeTooSmall('memory', MINIMUM_SIZE.memoryMiB)
  if (size.diskMiB < MINIMUM_SIZE.diskMiB) throw sizeTooSmall('disk', MINIMUM_SIZE.diskMiB)
}
