import { readFile, statfs } from 'node:fs/promises'
import { PermanentError } from '@/lib/errors'
import type { MachineSize } from '@/worker/machines/hypervisor'
import { isDiskFull } from '../image-errors'

/** Of memory and disk, what is left to the host itself. */
const HOST_RESERVE_MIB = 256

/**
 * Disks and memory are taken as they are used, so what is free now is all that can be asked for.
 * @throws {PermanentError} machine.no_room, with the numbers
 */
export async function requireCapacity(size: MachineSize, dir: string) {
  const meminfo = await readFile('/proc/meminfo', 'utf8')
  const memoryMiB = Math.floor(Number(/^MemAvailable:\s+(\d+)/m.exec(meminfo)?.[1] ?? 0) / 1024)
  if (size.memoryMiB + HOST_RESERVE_MIB > memoryMiB)
    throw insufficientCapacity('memory', size.memoryMiB, memoryMiB)
  await requireDiskSpace(size.diskMiB, dir)
}

/** @throws {PermanentError} machine.no_room, with the numbers */
export async function requireDiskSpace(askedMiB: number, dir: string) {
  const freeMiB = await readFreeDiskMiB(dir)
  if (askedMiB + HOST_RESERVE_MIB > freeMiB) throw insufficientCapacity('disk space', askedMiB, freeMiB)
}

/** Whether so much of the disk with this folder may be used, besides what is left to the host. */
export const hasDiskSpace = async (diskMiB: number, dir: string) =>
  diskMiB + HOST_RESERVE_MIB <= (await readFreeDiskMiB(dir))

/**
 * What writes a machine's files into `dir`, where others may have filled the disk meanwhile.
 * @throws {PermanentError} machine.no_room
 */
export const mapDiskFullToCapacity = <T>(work: Promise<T>, { diskMiB }: MachineSize, dir: string) =>
  work.catch(async (error: unknown) => {
    throw isDiskFull(error)
      ? insufficientCapacity('disk space', diskMiB, await readFreeDiskMiB(dir), error)
      : error
  })

async function readFreeDiskMiB(dir: string) {
  const { bavail, bsize } = await statfs(dir)
  return Math.floor((bavail * bsize) / 1024 ** 2)
}

const insufficientCapacity = (what: string, askedMiB: number, freeMiB: number, cause?: unknown) =>
  new PermanentError({
    code: 'machine.no_room',
    message: `This server has no room for this: it needs ${askedMiB} MiB of ${what}, and ${freeMiB} MiB are free.`,
    advice: 'Choose a smaller size, or stop a machine that is not needed.',
    cause,
  })
