import type { ImageFacts, MachineSpec } from '@/worker/machines/hypervisor'
import { sizeTooSmall } from '../machine-errors'
import type { Cluster, Instance } from './cluster'

interface ClusterImage {
  aliases: { name: string; description: string }[] | null
  properties: Record<string, string>
  type: Instance['type']
}

/** Images contain no minimum: the smallest size that is offered. */
const MINIMUM_SIZE = { cpus: 1, memoryMiB: 128, diskMiB: 128 }

/** The images of the project that have a name (an alias). */
export async function listImages(cluster: Cluster): Promise<ImageFacts[]> {
  const images = await cluster.request<ClusterImage[]>({ path: '/1.0/images?recursion=1' })
  return images.flatMap(({ aliases, properties, type }) =>
    (aliases ?? []).map(({ name, description }) => ({
      name,
      label: name,
      description:
        description || `${properties['description'] ?? 'An image of the cluster'}.`.replace(/\.\.$/, '.'),
      kind: type === 'container' ? ('container' as const) : ('vm' as const),
      minimum: MINIMUM_SIZE,
      problem: null,
    })),
  )
}

/** @throws {PermanentError} machine.too_small */
export function requireMinimum({ size }: Pick<MachineSpec, 'size'>) {
  if (size.memoryMiB < MINIMUM_SIZE.memoryMiB) throw sizeTooSmall('memory', MINIMUM_SIZE.memoryMiB)
  if (size.diskMiB < MINIMUM_SIZE.diskMiB) throw sizeTooSmall('disk', MINIMUM_SIZE.diskMiB)
}
