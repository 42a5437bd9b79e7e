import * as messages from '@/lib/generated/messages/machine-host-texts'
import type { ImageFacts, MachineSpec } from '@/worker/machines/hypervisor'
import { sizeTooSmall } from '../../machine-errors'
import type { Cluster, Instance } from '../cluster'
import { isNotFound } from '../incus-errors'

export interface ClusterImage {
  fingerprint: string
  aliases: { name: string; description: string }[] | null
  properties: ImageProperties
  type: Instance['type']
  uploaded_at: string
}

export type ImageProperties = Record<string, string>

/** Keys of the mark of our images among their properties. */
export const imageKeys = {
  /** Of snapshots and of images that this app has fetched or imported. */
  owner: 'meanwhile.owner',
  /** Of snapshots. */
  diskMiB: 'meanwhile.disk-mib',
  /** The worker whose settings or files the image is from, and which may remove it. */
  host: 'meanwhile.host',
  /** What it was made from. Another one replaces it. */
  source: 'meanwhile.source',
}

/** Images contain no minimum: the smallest size that is offered. */
export const MINIMUM_SIZE = { cpus: 1, memoryMiB: 128, diskMiB: 128 }

export const listImages = (cluster: Cluster) =>
  cluster.request<ClusterImage[]>({ path: '/1.0/images?recursion=1' })

export const findImage = (cluster: Cluster, fingerprint: string) =>
  cluster.find<ClusterImage>(`/1.0/images/${fingerprint}`)

export async function findImageByAlias(cluster: Cluster, name: string, signal?: AbortSignal) {
  const path = `/1.0/images/aliases/${encodeURIComponent(name)}`
  const alias = await cluster.find<{ target: string }>(path, signal)
  return alias && findImage(cluster, alias.target)
}

/** Does nothing if it is absent. */
export async function removeImage(cluster: Cluster, fingerprint: string) {
  await removeIfPresent(cluster, `/1.0/images/${fingerprint}`)
}

export async function removeIfPresent(cluster: Cluster, path: string) {
  await cluster.runOperation({ method: 'DELETE', path }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error
  })
}

const describeImage = (stated: string | undefined) =>
  stated === undefined ? messages.imageOfCluster() : `${stated}.`.replace(/\.\.$/, '.')

/** The images of the project that have a name, without those of other installations, each once. */
export function describeImages(images: ClusterImage[], installationId: string): ImageFacts[] {
  const isUsable = ({ properties }: ClusterImage) =>
    [undefined, installationId].includes(properties[imageKeys.owner])
  return images.filter(isUsable).flatMap(({ aliases, properties, type }) => {
    const [first, ...others] = (aliases ?? []).toSorted(bySimplicity)
    if (!first) return []
    return {
      name: first.name,
      aliases: others.map(({ name }) => name),
      label: first.name,
      description: first.description || describeImage(properties['description']),
      kind: type === 'container' ? ('container' as const) : ('vm' as const),
      minimum: {
        ...MINIMUM_SIZE,
        diskMiB: Number(properties[imageKeys.diskMiB] ?? MINIMUM_SIZE.diskMiB),
      },
      problem: null,
    }
  })
}

/** "debian" before "debian/12"; the same on every worker. */
const bySimplicity = (a: { name: string }, b: { name: string }) =>
  a.name.length - b.name.length || (a.name < b.name ? -1 : 1)

/** @throws {PermanentError} machine.too_small */
export function requireMinimum({ size }: Pick<MachineSpec, 'size'>) {
  if (size.memoryMiB < MINIMUM_SIZE.memoryMiB) throw sizeTooSmall('memory', MINIMUM_SIZE.memoryMiB)
  if (size.diskMiB < MINIMUM_SIZE.diskMiB) throw sizeTooSmall('disk', MINIMUM_SIZE.diskMiB)
}
