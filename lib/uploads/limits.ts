import { statfs } from 'node:fs/promises'
import { config } from '../config'
import type { Db } from '../db'
import { AppError } from '../errors'
import { sizeText } from '../sizes'

/**
 * Whether a file of `sizeBytes` may be uploaded, asked before its first byte.
 * @throws {AppError} upload.too_large, upload.quota_exceeded or upload.disk_full, with the numbers.
 */
export async function checkRoom(db: Db, options: { ownerId: string; sizeBytes: number }) {
  const { UPLOAD_MAX_BYTES, STORAGE_QUOTA_BYTES, DISK_RESERVE_BYTES, DATA_DIR } = config()
  const refuse = (code: string, status: number, message: string) => {
    throw new AppError({ code: `upload.${code}`, status, message })
  }
  const size = sizeText(options.sizeBytes)
  if (options.sizeBytes > UPLOAD_MAX_BYTES)
    refuse('too_large', 413, `The file has ${size}; the largest allowed is ${sizeText(UPLOAD_MAX_BYTES)}.`)
  const [stored, arriving, everyones] = await Promise.all([
    db.video.aggregate({ where: { ownerId: options.ownerId }, _sum: { sizeBytes: true } }),
    db.upload.aggregate({ where: { ownerId: options.ownerId, videoId: null }, _sum: { sizeBytes: true } }),
    db.upload.aggregate({ where: { videoId: null }, _sum: { sizeBytes: true } }),
  ])
  const used = Number(stored._sum.sizeBytes ?? 0n) + Number(arriving._sum.sizeBytes ?? 0n)
  if (used + options.sizeBytes > STORAGE_QUOTA_BYTES)
    refuse(
      'quota_exceeded',
      413,
      `The file has ${size}; you use ${sizeText(used)} of your ${sizeText(STORAGE_QUOTA_BYTES)}.`,
    )
  const { bavail, bsize } = await statfs(DATA_DIR)
  const free = Math.max(0, bavail * bsize - DISK_RESERVE_BYTES - Number(everyones._sum.sizeBytes ?? 0n))
  if (options.sizeBytes > free)
    refuse('disk_full', 507, `The file has ${size}; the server has room for ${sizeText(free)}.`)
}
