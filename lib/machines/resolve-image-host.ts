import type { Db } from '../database/db'
import { describeAvailability, requiredHostId } from './availability'
import { isCloudConfig } from './cloud-config'
import { machineUnprocessable } from './errors'
import { readOnlineHostsTogether } from './hosts'
import { findImageNamed } from './image-names'
import { assertMinimumSize, minimumSizeOfImage, minimumSizeOfSnapshot } from './minimum-size'
import type { CreateMachineRequest } from './schema'
import type { NamedSize } from './sizes'
import { parseSnapshotImageName } from './snapshot-image-name'
import * as messages from '../generated/messages/machine-errors'

/**
 * Checks that a host can provision the machine.
 * @returns the id of the required host; null if any host may provision it
 * @throws {AppError} machine.image_unknown, machine.image_broken, machine.too_small, machine.network_unavailable,
 *   machine.not_offered
 */
export async function resolveImageHost(
  db: Db,
  { ownerId, request, size }: { ownerId: string; request: CreateMachineRequest; size: NamedSize },
) {
  const snapshotId = parseSnapshotImageName(request.image)
  const snapshot = snapshotId
    ? await db.machineSnapshot.findFirst({ where: { ownerId, id: snapshotId, state: 'done' } })
    : null
  if (snapshot) {
    assertMinimumSize(size, minimumSizeOfSnapshot(snapshot))
    return snapshot.hostId
  }
  const hosts = await readOnlineHostsTogether(db)
  const { images, problem, outboundProblem, takesCloudConfig } = describeAvailability(hosts)
  // Until the first host is online, the request waits for one, which then checks it.
  if (problem && images.length === 0) return null
  if (request.network === 'outbound' && outboundProblem)
    throw machineUnprocessable('network_unavailable', outboundProblem)
  const hasCloudConfig = request.userData !== undefined && isCloudConfig(request.userData)
  if (hasCloudConfig && !takesCloudConfig) throw machineUnprocessable('not_offered', messages.noCloudConfig())
  const image = findImageNamed(images, request.image)
  if (!image) {
    const names = images.map(({ name }) => name).join(', ')
    throw machineUnprocessable('image_unknown', messages.imageUnknown({ image: request.image, names }))
  }
  if (image.problem) throw machineUnprocessable('image_broken', image.problem)
  assertMinimumSize(size, minimumSizeOfImage(image))
  return requiredHostId(hosts, {
    ...request,
    size,
    hasScript: request.userData !== undefined,
    hasCloudConfig,
  })
}
