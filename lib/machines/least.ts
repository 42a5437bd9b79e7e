import { AppError } from '../errors'
import type { Db, Tx } from '../db'
import { machineOffer } from './hosts'
import type { MachineSizeDto } from './size-schema'
import { machineSizeText, mebibytesText } from './sizes'
import { snapshotIdOf } from './snapshot-name'

/** Sizes in MiB. */
interface Least extends MachineSizeDto {
  /** What needs so much, in words. */
  what: string
}

export const leastOfSnapshot = (row: { diskMiB: number; leastMemoryMiB: number }): Least => ({
  what: 'This snapshot',
  cpus: 1,
  memoryMiB: row.leastMemoryMiB,
  diskMiB: row.diskMiB,
})

export const leastOfImage = ({ label, minimum }: { label: string; minimum: MachineSizeDto }): Least => ({
  what: `“${label}”`,
  ...minimum,
})

/** What machines of this image need; undefined where it is not offered any more. */
export async function leastOf(db: Db | Tx, { ownerId, image }: { ownerId: string; image: string }) {
  const id = snapshotIdOf(image)
  const snapshot = id && (await db.machineSnapshot.findFirst({ where: { id, ownerId, state: 'done' } }))
  if (snapshot) return leastOfSnapshot(snapshot)
  const offered = (await machineOffer(db)).images.find(({ name }) => name === image)
  return offered && leastOfImage(offered)
}

/** @throws {AppError} machine.too_small, with what is needed. */
export function refuseTooSmall(size: MachineSizeDto, least: Least) {
  const refusal = (needed: string) =>
    new AppError({
      code: 'machine.too_small',
      message: `${least.what} needs ${needed} at least.`,
      status: 422,
    })
  if (size.diskMiB < least.diskMiB) throw refusal(`a disk of ${mebibytesText(least.diskMiB)}`)
  if (size.memoryMiB < least.memoryMiB) throw refusal(`${mebibytesText(least.memoryMiB)} of memory`)
  if (size.cpus < least.cpus) throw refusal(machineSizeText(least))
}
