import * as messages from '@/lib/generated/messages/upload-errors'
import { lockUser } from '../accounts/lock-user'
import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import { AppError } from '../errors'
import type { Prisma } from '../generated/prisma/client'
import { formatBytes } from '../text/format-bytes'
import { readUnreservedDiskBytes } from './disk-reservations'
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

const describeSize = (sizeBytes: number): Problem =>
  sizeBytes > 0 ? { problem: 'size', size: formatBytes(sizeBytes) } : { problem: 'full', size: '' }

const RESERVATION_STEP_BYTES = 64 * 1024 ** 2

/**
 * Reserves `bytes` and a margin for an upload of unknown size. Returns the bytes it may receive before it must extend
 * the reservation again. @throws {AppError} as `reserveUpload`
 */
export const extendReservation = (db: Db, upload: { id: string; ownerId: string; bytes: number }) =>
  db.$transaction(async (tx) => {
    const { limits } = await readUploadLimits(tx, upload)
    const [strictest] = limits.toSorted((a, b) => a.leftBytes - b.leftBytes)
    if (upload.bytes > strictest!.leftBytes) throw limitExceeded(strictest!, { problem: 'unknown', size: '' })
    const sizeBytes = Math.min(strictest!.leftBytes, upload.bytes + RESERVATION_STEP_BYTES)
    await tx.upload.update({ where: { id: upload.id }, data: { sizeBytes } })
    return sizeBytes
  })

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
      describe: (problem: Problem) => messages.tooLarge({ ...problem, limit: formatBytes(UPLOAD_MAX_BYTES) }),
    },
    {
      leftBytes: usage.limitBytes - usage.usedBytes,
      code: QUOTA_EXCEEDED,
      status: 413,
      describe: (problem: Problem) =>
        messages.quotaExceeded({
          ...problem,
          used: formatBytes(usage.usedBytes),
          limit: formatBytes(usage.limitBytes),
        }),
    },
    ...(STORAGE === 'local' ? [await readDiskLimit(tx, id)] : []),
  ]
  return { limits, openUploads: usage.openUploads, maxOpenUploads: usage.maxOpenUploads }
}

/** Locks all reservations until `tx` ends. */
async function readDiskLimit(tx: Tx, id: string) {
  const unreservedBytes = await readUnreservedDiskBytes(tx, { uploadId: id })
  const upload = await tx.upload.findUnique({ where: { id }, select: { receivedBytes: true } })
  const freeBytes = Math.max(0, unreservedBytes) + Number(upload?.receivedBytes ?? 0)
  return {
    leftBytes: freeBytes,
    code: 'upload.disk_full',
    status: 507,
    describe: (problem: Problem) => messages.diskFull({ ...problem, free: formatBytes(freeBytes) }),
  }
}

const tooManyUploads = (maximum: number) =>
  new AppError({
    code: 'upload.too_many',
    message: messages.tooMany({ maximum }),
    status: 422,
  })

interface UploadLimit {
  leftBytes: number
  code: string
  status: number
  describe(problem: Problem): string
}

/** What exceeds a limit: a file of a size, any file at all, or one of unknown size. */
interface Problem {
  problem: 'size' | 'full' | 'unknown'
  size: string
}

const limitExceeded = (
  { code, status, describe }: Omit<UploadLimit, 'leftBytes'>,
  problem: Problem,
  hint = '',
) => new AppError({ code, status, message: [describe(problem), hint].filter(Boolean).join(' ') })
