import { stat } from 'node:fs/promises'
import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import { AppError } from '../errors'
import type { Prisma } from '../generated/prisma/client'
import { readFreeDiskBytes } from '../storage/free-disk'
import { formatBytes } from '../text/format-bytes'
import { uploadDataFiles } from './upload-paths'

/**
 * Creates an upload before its first byte and reserves its size against quota and disk.
 * @throws {AppError} upload.too_large, upload.quota_exceeded or upload.disk_full, with the numbers
 */
export const reserveUpload = (db: Db, upload: Prisma.UploadUncheckedCreateInput & { sizeBytes: number }) =>
  db.$transaction(async (tx) => {
    await lockReservations(tx)
    for (const limit of await readUploadLimits(tx, upload))
      if (upload.sizeBytes > limit.leftBytes)
        throw limitExceeded(limit, `The file is ${formatBytes(upload.sizeBytes)}`)
    await tx.upload.create({ data: upload })
  })

const RESERVATION_STEP_BYTES = 64 * 1024 ** 2

/**
 * Reserves `bytes` and a margin for an upload of unknown size. Returns the bytes it may receive before it must extend
 * the reservation again. @throws {AppError} as `reserveUpload`
 */
export const extendReservation = (db: Db, upload: { id: string; ownerId: string; bytes: number }) =>
  db.$transaction(async (tx) => {
    await lockReservations(tx)
    const [strictest] = (await readUploadLimits(tx, upload)).toSorted((a, b) => a.leftBytes - b.leftBytes)
    if (upload.bytes > strictest!.leftBytes) throw limitExceeded(strictest!, 'The file is too large')
    const sizeBytes = Math.min(strictest!.leftBytes, upload.bytes + RESERVATION_STEP_BYTES)
    await tx.upload.update({ where: { id: upload.id }, data: { sizeBytes } })
    return sizeBytes
  })

/** Serializes all reservations until `tx` ends, because every upload uses the same disk. */
const lockReservations = (tx: Tx) =>
  tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('meanwhile upload reservations'))`

/** Returns the total size that each limit allows for an upload, including the data already received. */
async function readUploadLimits(tx: Tx, { id, ownerId }: { id: string; ownerId: string }) {
  const { UPLOAD_MAX_BYTES, STORAGE_QUOTA_BYTES, DISK_RESERVE_BYTES, DATA_DIR } = config()
  const stored = await tx.video.aggregate({ where: { ownerId }, _sum: { sizeBytes: true } })
  const others = await tx.upload.findMany({
    where: { videoId: null, id: { not: id } },
    select: { id: true, ownerId: true, sizeBytes: true },
  })
  const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0)
  const own = others.filter((upload) => upload.ownerId === ownerId)
  const used = Number(stored._sum.sizeBytes ?? 0n) + sum(own.map(({ sizeBytes }) => Number(sizeBytes)))
  const reserved = sum(await Promise.all(others.map(outstandingBytes)))
  const unreserved = (await readFreeDiskBytes(DATA_DIR)) - DISK_RESERVE_BYTES - reserved
  const free = Math.max(0, unreserved) + (await receivedBytes(id))
  return [
    {
      leftBytes: UPLOAD_MAX_BYTES,
      code: 'upload.too_large',
      status: 413,
      reason: `the largest allowed is ${formatBytes(UPLOAD_MAX_BYTES)}`,
    },
    {
      leftBytes: STORAGE_QUOTA_BYTES - used,
      code: 'upload.quota_exceeded',
      status: 413,
      reason: `you use ${formatBytes(used)} of your ${formatBytes(STORAGE_QUOTA_BYTES)}`,
    },
    {
      leftBytes: free,
      code: 'upload.disk_full',
      status: 507,
      reason: `the server has room for ${formatBytes(free)}`,
    },
  ]
}

type UploadLimit = Awaited<ReturnType<typeof readUploadLimits>>[number]

const limitExceeded = ({ code, status, reason }: UploadLimit, problem: string) =>
  new AppError({ code, status, message: `${problem}; ${reason}.` })

/** Received data already occupies disk space, so only the remaining size is reserved. */
const outstandingBytes = async ({ id, sizeBytes }: { id: string; sizeBytes: bigint }) =>
  Math.max(0, Number(sizeBytes) - (await receivedBytes(id)))

async function receivedBytes(id: string) {
  const stats = await Promise.all(uploadDataFiles(id).map((file) => stat(file).catch(() => null)))
  return stats.find(Boolean)?.size ?? 0
}
