import type { Db, Tx } from '../database/db'
import { readMachineAvailability } from './availability'
import { machineUnprocessable } from './errors'
import type { MachineSizeDto } from './size-schema'
import { formatMachineSize, formatMebibytes } from './sizes'
import { parseSnapshotImageName } from './snapshot-image-name'

/** Sizes in MiB. */
interface MinimumSize extends MachineSizeDto {
  /** Subject of the error message. */
  subject: string
}

export const minimumSizeOfSnapshot = (row: { diskMiB: number; leastMemoryMiB: number }): MinimumSize => ({
  subject: 'This snapshot',
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
  subject: `“${label}”`,
  ...minimum,
})

/** Finds the minimum size for an image or snapshot; undefined if it is no longer available. */
export async function findMinimumSize(db: Db | Tx, { ownerId, image }: { ownerId: string; image: string }) {
  const id = parseSnapshotImageName(image)
  const snapshot = id && (await db.machineSnapshot.findFirst({ where: { id, ownerId, state: 'done' } }))
  if (snapshot) return minimumSizeOfSnapshot(snapshot)
  const available = (await readMachineAvailability(db)).images.find(({ name }) => name === image)
  return available && minimumSizeOfImage(available)
}

/** @throws {AppError} machine.too_small stating the requirement */
export function assertMinimumSize(size: MachineSizeDto, minimum: MinimumSize) {
  const tooSmall = (requirement: string) =>
    machineUnprocessable('too_small', `${minimum.subject} needs at least ${requirement}.`)
  if (size.diskMiB < minimum.diskMiB) throw tooSmall(`a ${formatMebibytes(minimum.diskMiB)} disk`)
  if (size.memoryMiB < minimum.memoryMiB) throw tooSmall(`${formatMebibytes(minimum.memoryMiB)} of memory`)
  if (size.cpus < minimum.cpus) throw tooSmall(formatMachineSize(minimum))
}
