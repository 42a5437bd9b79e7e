import type { Db, Tx } from '../database/db'
import { readMachineAvailability } from './availability'
import { machineUnprocessable } from './errors'
import { findImageNamed } from './image-names'
import type { MachineSizeDto } from './size-schema'
import { formatMachineSize, formatMebibytes } from './sizes'
import { parseSnapshotImageName } from './snapshot-image-name'
import * as messages from '../generated/messages/machine-errors'

/** Sizes in MiB. */
interface MinimumSize extends MachineSizeDto {
  /** Of an image, for the error message; null for a snapshot. */
  label: string | null
}

export const minimumSizeOfSnapshot = (row: { diskMiB: number; leastMemoryMiB: number }): MinimumSize => ({
  label: null,
  cpus: 1,
  memoryMiB: row.leastMemoryMiB,
  diskMiB: row.diskMiB,
})

export const minimumSizeOfImage = ({
  label,
  minimum,
}: {
  label: string
  minimum: MachineSizeDto
}): MinimumSize => ({
  label,
  ...minimum,
})

/** Finds the minimum size for an image or snapshot; undefined if it is no longer available. */
export async function findMinimumSize(db: Db | Tx, { ownerId, image }: { ownerId: string; image: string }) {
  const id = parseSnapshotImageName(image)
  const snapshot = id && (await db.machineSnapshot.findFirst({ where: { id, ownerId, state: 'done' } }))
  if (snapshot) return minimumSizeOfSnapshot(snapshot)
  const available = findImageNamed((await readMachineAvailability(db)).images, image)
  return available && minimumSizeOfImage(available)
}

/** @throws {AppError} machine.too_small stating the requirement */
export function assertMinimumSize(size: MachineSizeDto, minimum: MinimumSize) {
  const subject = { subject: minimum.label === null ? 'snapshot' : 'image', label: minimum.label ?? '' }
  const tooSmall = (message: string) => machineUnprocessable('too_small', message)
  if (size.diskMiB < minimum.diskMiB)
    throw tooSmall(messages.tooSmallDisk({ ...subject, size: formatMebibytes(minimum.diskMiB) }))
  if (size.memoryMiB < minimum.memoryMiB)
    throw tooSmall(messages.tooSmallMemory({ ...subject, size: formatMebibytes(minimum.memoryMiB) }))
  if (size.cpus < minimum.cpus)
    throw tooSmall(messages.tooSmall({ ...subject, size: formatMachineSize(minimum) }))
}
