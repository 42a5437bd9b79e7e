import type { MachineSize } from '@/worker/machines/hypervisor'
import type { Cluster } from './cluster'
import {
  findImageByAlias,
  imageKeys,
  type ImageProperties,
  MINIMUM_SIZE,
  removeIfPresent,
  removeImage,
} from './images/cluster-images'

interface SnapshotOptions {
  /** Of the instance in the API. */
  path: string
  /** Name of the instance. */
  instance: string
  name: string
  installationId: string
  diskMiB: number
  signal: AbortSignal
}

/**
 * Stores the disk of an instance as an image with the alias `name`. The cluster freezes a running instance for the time that its
 * storage needs. Does nothing if the image exists.
 */
export async function createSnapshot(cluster: Cluster, options: SnapshotOptions): Promise<MachineSize> {
  const { path, instance, name, installationId, diskMiB, signal } = options
  const minimum = { ...MINIMUM_SIZE, diskMiB }
  if (await findImageByAlias(cluster, name)) return minimum
  const snapshotPath = `${path}/snapshots/${name}`
  // Left behind by an earlier attempt, which may have been interrupted.
  await removeIfPresent(cluster, snapshotPath)
  await cluster.runOperation({ method: 'POST', path: `${path}/snapshots`, body: { name }, signal })
  try {
    const properties: ImageProperties = {
      description: 'A snapshot of a machine.',
      [imageKeys.owner]: installationId,
      [imageKeys.diskMiB]: `${diskMiB}`,
    }
    const body = {
      source: { type: 'snapshot', name: `${instance}/${name}` },
      aliases: [{ name }],
      properties,
      compression_algorithm: 'none',
    }
    await cluster.runOperation({ method: 'POST', path: '/1.0/images', body, signal })
  } finally {
    await removeIfPresent(cluster, snapshotPath)
  }
  return minimum
}

/** Removes the image `name` of this installation. Does nothing if there is none. */
export async function removeSnapshot(cluster: Cluster, name: string, installationId: string) {
  const image = await findImageByAlias(cluster, name)
  if (image?.properties[imageKeys.owner] !== installationId) return
  await removeImage(cluster, image.fingerprint)
}
