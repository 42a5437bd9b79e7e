import { stat, statfs } from 'node:fs/promises'
import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import { AppError } from '../errors'
import type { Prisma } from '../generated/prisma/client'
import { formatBytes } from '../text/format-bytes'
import { uploadDataFiles } from './expire-uploads'

/**
 * Notes an upload before its first byte and promises it its room, so that no other counts on that.
 * @throws {AppError} upload.too_large, upload.quota_exceeded or upload.disk_full, with the numbers.
 */
export const reserveUpload = (db: Db, upload: Prisma.UploadUncheckedCreateInput & { sizeBytes: number }) =>
  db.$transaction(async (tx) => {
    await lockReservations(tx)
    const size = formatBytes(upload.sizeBytes)
    for (const { leftBytes, refusal } of await readUploadLimits(tx, upload))
      if (upload.sizeBytes > leftBytes) throw refusal(`The file has ${size}`)
    await tx.upload.create({ data: upload })
  })

const RESERVATION_STEP_BYTES = 64 * 1024 ** 2

/**
 * Promises room for `bytes` to an upload whose size was not stated, and for some to come. Resolves with how many it
 * may have until it has to ask again. @throws {AppError} as `announceUpload`
 */
export const extendReservation = (db: Db, upload: { id: string; ownerId: string; bytes: number }) =>
  db.$transaction(async (tx) => {
    await lockReservations(tx)
    const [least] = (await readUploadLimits(tx, upload)).toSorted((a, b) => a.leftBytes - b.leftBytes)
    const { leftBytes, refusal } = least!
    if (upload.bytes > leftBytes) throw refusal('The file is too large')
    const sizeBytes = Math.min(leftBytes, upload.bytes + RESERVATION_STEP_BYTES)
    await tx.upload.update({ where: { id: upload.id }, data: { sizeBytes } })
    return sizeBytes
  })

/** Room is promised to one at a time until `tx` ends, whoever asks: the disk is everybody's. */
const lockReservations = (tx: Tx) =>
  tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('meanwhile room for uploads'))`

/** What each limit leaves to an upload as a whole, what of it has come already included. */
async function readUploadLimits(tx: Tx, { id, ownerId }: { id: string; ownerId: string }) {
  const { UPLOAD_MAX_BYTES, STORAGE_QUOTA_BYTES, DISK_RESERVE_BYTES, DATA_DIR } = config()
  const stored = await tx.video.aggregate({ where: { ownerId }, _sum: { sizeBytes: true } })
  const others = await tx.upload.findMany({
    where: { videoId: null, id: { not: id } },
    select: { id: true, ownerId: true, sizeBytes: true },
  })
  const disk = await statfs(DATA_DIR)
  const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0)
  const own = others.filter((upload) => upload.ownerId === ownerId)
  const used = Number(stored._sum.sizeBytes ?? 0n) + sum(own.map(({ sizeBytes }) => Number(sizeBytes)))
  const promised = sum(await Promise.all(others.map(outstandingBytes)))
  const free =
    Math.max(0, disk.bavail * disk.bsize - DISK_RESERVE_BYTES - promised) + (await receivedBytes(id))
  const limit = (leftBytes: number, code: string, status: number, why: string) => ({
    leftBytes,
    refusal: (what: string) => new AppError({ code: `upload.${code}`, status, message: `${what}; ${why}.` }),
  })
  return [
    limit(UPLOAD_MAX_BYTES, 'too_large', 413, `the largest allowed is ${formatBytes(UPLOAD_MAX_BYTES)}`),
    limit(
      STORAGE_QUOTA_BYTES - used,
      'quota_exceeded',
      413,
      `you use ${formatBytes(used)} of your ${formatBytes(STORAGE_QUOTA_BYTES)}`,
    ),
    limit(free, 'disk_full', 507, `the server has room for ${formatBytes(free)}`),
  ]
}

/** What has arrived of an upload takes its room on the disk already. */
const outstandingBytes = async ({ id, sizeBytes }: { id: string; sizeBytes: bigint }) =>
  Math.max(0, Number(sizeBytes) - (await receivedBytes(id)))

async function receivedBytes(id: string) {
  const found = await Promise.all(uploadDataFiles(id).map((file) => stat(file).catch(() => null)))
  return found.find(Boolean)?.size ?? 0
}
