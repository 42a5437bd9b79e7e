import { readFile } from 'node:fs/promises'
import { PermanentError } from '@/lib/errors'
import type { MachineSize } from '@/worker/machines/hypervisor'
import { isDiskFullError, readFreeDiskMiB } from './disk-space'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

/** Memory and disk space that stay free for the host. */
const HOST_RESERVE_MIB = 256

/**
 * Requires that the host has the memory and disk space of `size` free now. Machines allocate both lazily, so this
 * reserves nothing.
 * @throws {PermanentError} machine.no_room, with the needed and free MiB
 */
export async function requireCapacity(size: MachineSize, dir: string) {
  const meminfo = await readFile('/proc/meminfo', 'utf8')
  const memoryMiB = Math.floor(Number(/^MemAvailable:\s+(\d+)/m.exec(meminfo)?.[1] ?? 0) / 1024)
  if (size.memoryMiB + HOST_RESERVE_MIB > memoryMiB)
    throw insufficientCapacity('memory', { neededMiB: size.memoryMiB, freeMiB: memoryMiB })
  await requireDiskSpace(size.diskMiB, dir)
}

/** @throws {PermanentError} machine.no_room, with the needed and free MiB */
export async function requireDiskSpace(neededMiB: number, dir: string) {
  const freeMiB = await readFreeDiskMiB(dir)
  if (neededMiB + HOST_RESERVE_MIB > freeMiB) throw insufficientCapacity('disk', { neededMiB, freeMiB })
}

/** True if the file system of `dir` has `diskMiB` free on top of the host reserve. */
export const hasDiskSpace = async (diskMiB: number, dir: string) =>
  diskMiB + HOST_RESERVE_MIB <= (await readFreeDiskMiB(dir))

/**
 * Maps a full disk during `work`, which writes the files of a machine into `dir`, to a capacity error.
 * @throws {PermanentError} machine.no_room
 */
export const mapDiskFullToCapacity = <T>(
  work: Promise<T>,
  { size, dir }: { size: MachineSize; dir: string },
) =>
  work.catch(async (error: unknown) => {
    if (!isDiskFullError(error)) throw error
    const freeMiB = await readFreeDiskMiB(dir)
    throw insufficientCapacity('disk', { neededMiB: size.diskMiB, freeMiB, cause: error })
  })

interface Shortage {
  neededMiB: number
  freeMiB: number
  cause?: unknown
}

const insufficientCapacity = (resource: 'memory' | 'disk', { neededMiB, freeMiB, cause }: Shortage) =>
  new PermanentError({
    code: 'machine.no_room',
    message: (resource === 'memory' ? messages.noMemory : messages.noDisk)({
      needed: neededMiB,
      free: freeMiB,
    }),
    advice: messages.noRoomAdvice(),
    cause,
  })
