import { AppError } from '../errors'
import type { Db, Tx } from '../database/db'
import { readMachineAvailability } from './hosts'
import type { MachineSizeDto } from './size-schema'
import { formatMachineSize, formatMebibytes } from './sizes'
import { parseSnapshotImageName } from './snapshot-image-name'

/** Sizes in MiB. */
interface MinimumSize extends MachineSizeDto {
  /** What needs so much, in words. */
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

/** What machines of this image need; undefined where it is not offered any more. */
export async function findMinimumSize(db: Db | Tx, { ownerId, image }: { ownerId: string; image: string }) {
  const id = parseSnapshotImageName(image)
  const snapshot = id && (await db.machineSnapshot.findFirst({ where: { id, ownerId, state: 'done' } }))
  if (snapshot) return minimumSizeOfSnapshot(snapshot)
  const offered = (await readMachineAvailability(db)).images.find(({ name }) => name === image)
  return offered && minimumSizeOfImage(offered)
}

/** @throws {AppError} machine.too_small, with what is needed. */
export function assertMinimumSize(size: MachineSizeDto, least: MinimumSize) {
  const refusal = (needed: string) =>
    new AppError({
      code: 'machine.too_small',
      message: `${least.subject} needs ${needed} at least.`,
      status: 422,
    })
  if (size.diskMiB < least.diskMiB) throw refusal(`a disk of ${formatMebibytes(least.diskMiB)}`)
  if (size.memoryMiB < least.memoryMiB) throw refusal(`${formatMebibytes(least.memoryMiB)} of memory`)
  if (size.cpus < least.cpus) throw refusal(formatMachineSize(least))
}
