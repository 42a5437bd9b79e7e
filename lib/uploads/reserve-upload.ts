import { lockUser } from '../accounts/lock-user'
import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import { AppError } from '../errors'
import type { Prisma } from '../generated/prisma/client'
import { readFreeDiskBytes } from '../storage/free-disk'
import { formatBytes } from '../text/format-bytes'
import { describeTrash } from './storage-quota'
import { readStorageUsage } from './storage-usage'

const QUOTA_EXCEEDED = 'upload.quota_exceeded'

type NewUpload = Prisma.UploadUncheckedCreateInput & { sizeBytes: number }

/**
 * Creates an upload before its first byte and reserves its size against quota and disk.
 * @throws {AppError} upload.too_many, upload.too_large, upload.quota_exceeded or upload.disk_full, with the numbers
 */
export const reserveUpload = (db: Db, upload: NewUpload) =>
  db.$transaction((tx) => reserveUploadIn(tx, upload))

/** As `reserveUpload`, in a transaction. */
export async function reserveUploadIn(tx: Tx, upload: NewUpload) {
  const { limits, openUploads, maxOpenUploads } = await readUploadLimits(tx, upload)
  if (openUploads >= maxOpenUploads) throw tooManyUploads(maxOpenUploads)
  await checkSize(tx, { ...upload, limits })
  await tx.upload.create({ data: upload })
}

/**
 * Reserves the size of an upload once it is known. @throws {AppError} upload.too_large, upload.quota_exceeded or
 * upload.disk_full, with the numbers
 */
export async function resizeReservation(
  tx: Tx,
  { sizeBytes, ...upload }: { id: string; ownerId: string; sizeBytes: number },
) {
  const { limits } = await readUploadLimits(tx, upload)
  await checkSize(tx, { ...upload, sizeBytes, limits })
  await tx.upload.update({ where: { id: upload.id }, data: { sizeBytes } })
}

async function checkSize(
  tx: Tx,
  { ownerId, sizeBytes, limits }: { ownerId: string; sizeBytes: number; limits: UploadLimit[] },
) {
  const exceeded = limits.find(({ leftBytes }) => sizeBytes > leftBytes)
  if (!exceeded) return
  const hint = exceeded.code === QUOTA_EXCEEDED ? await describeTrash(tx, ownerId) : ''
  throw limitExceeded(exceeded, describeSize(sizeBytes), hint)
}

const describeSize = (sizeBytes: number) =>
  sizeBytes > 0 ? `The file is ${formatBytes(sizeBytes)}` : 'There is no room for a file'

const RESERVATION_STEP_BYTES = 64 * 1024 ** 2

/**
 * Reserves `bytes` and a margin for an upload of unknown size. Returns the bytes it may receive before it must extend
 * the reservation again. @throws {AppError} as `reserveUpload`
 */
export const extendReservation = (db: Db, upload: { id: string; ownerId: string; bytes: number }) =>
  db.$transaction(async (tx) => {
    const { limits } = await readUploadLimits(tx, upload)
    const [strictest] = limits.toSorted((a, b) => a.leftBytes - b.leftBytes)
    if (upload.bytes > strictest!.leftBytes) throw limitExceeded(strictest!, 'The file is too large')
    const sizeBytes = Math.min(strictest!.leftBytes, upload.bytes + RESERVATION_STEP_BYTES)
    await tx.upload.update({ where: { id: upload.id }, data: { sizeBytes } })
    return sizeBytes
  })

/** Serializes all reservations until `tx` ends, because every upload uses the same disk. */
const lockReservations = (tx: Tx) =>
  tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('meanwhile upload reservations'))`

/**
 * Returns the total size that each limit allows for an upload, including the data already received. Locks the user until
 * `tx` ends.
 */
async function readUploadLimits(tx: Tx, { id, ownerId }: { id: string; ownerId: string }) {
  const { UPLOAD_MAX_BYTES, STORAGE } = config()
  await lockUser(tx, ownerId)
  const usage = await readStorageUsage(tx, { ownerId, exceptUploadId: id })
  const limits = [
    {
      leftBytes: UPLOAD_MAX_BYTES,
      code: 'upload.too_large',
      status: 413,
      reason: `the largest allowed is ${formatBytes(UPLOAD_MAX_BYTES)}`,
    },
    {
      leftBytes: usage.limitBytes - usage.usedBytes,
      code: QUOTA_EXCEEDED,
      status: 413,
      reason: `you use ${formatBytes(usage.usedBytes)} of your ${formatBytes(usage.limitBytes)}`,
    },
    ...(STORAGE === 'local' ? [await readDiskLimit(tx, id)] : []),
  ]
  return { limits, openUploads: usage.openUploads, maxOpenUploads: usage.maxOpenUploads }
}

/** Locks all reservations until `tx` ends. */
async function readDiskLimit(tx: Tx, id: string) {
  const { DISK_RESERVE_BYTES, DATA_DIR } = config()
  await lockReservations(tx)
  const { receivedBytes, outstandingBytes } = await sumReservations(tx, id)
  const unreserved = (await readFreeDiskBytes(DATA_DIR)) - DISK_RESERVE_BYTES - outstandingBytes
  const freeBytes = Math.max(0, unreserved) + receivedBytes
  return {
    leftBytes: freeBytes,
    code: 'upload.disk_full',
    status: 507,
    reason: `the server has room for ${formatBytes(freeBytes)}`,
  }
}

/** Received data already occupies disk space, so only the remaining size of the other uploads is reserved. */
async function sumReservations(tx: Tx, id: string) {
  const [sums] = await tx.$queryRaw<{ receivedBytes: number; outstandingBytes: number }[]>`
    SELECT coalesce(sum("receivedBytes") FILTER (WHERE id = ${id}), 0)::float8 AS "receivedBytes",
      coalesce(sum(greatest(0, "sizeBytes" - "receivedBytes")) FILTER (WHERE id <> ${id}), 0)::float8
        AS "outstandingBytes"
    FROM upload WHERE "videoId" IS NULL`
  return sums!
}

const tooManyUploads = (maximum: number) =>
  new AppError({
    code: 'upload.too_many',
    message: `You have ${maximum} unfinished uploads, the maximum. Finish or cancel one first.`,
    status: 422,
  })

interface UploadLimit {
  leftBytes: number
  code: string
  status: number
  reason: string
}

const limitExceeded = (
  { code, status, reason }: Omit<UploadLimit, 'leftBytes'>,
  problem: string,
  hint = '',
) => new AppError({ code, status, message: `${problem}; ${reason}.${hint}` })
