import { stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import { config } from '../config'
import type { Db } from '../db'
import { AppError } from '../errors'
import { sizeText } from '../sizes'
import { uploadsDir } from './expire'

/**
 * Whether a file of `sizeBytes` may be uploaded, asked before its first byte.
 * @throws {AppError} upload.too_large, upload.quota_exceeded or upload.disk_full, with the numbers.
 */
export async function checkRoom(db: Db, options: { ownerId: string; sizeBytes: number }) {
  const size = sizeText(options.sizeBytes)
  for (const { leftBytes, refusal } of await limitsFor(db, options.ownerId))
    if (options.sizeBytes > leftBytes) throw refusal(`The file has ${size}`)
}

/** The largest file that may be uploaded, in bytes, and the error for a larger one whose size was not stated. */
export async function roomFor(db: Db, ownerId: string) {
  const [least] = (await limitsFor(db, ownerId)).toSorted((a, b) => a.leftBytes - b.leftBytes)
  const { leftBytes, refusal } = least!
  return { leftBytes, refusal: refusal('The file is too large') }
}

async function limitsFor(db: Db, ownerId: string) {
  const { UPLOAD_MAX_BYTES, STORAGE_QUOTA_BYTES, DISK_RESERVE_BYTES, DATA_DIR } = config()
  const [stored, arriving, disk] = await Promise.all([
    db.video.aggregate({ where: { ownerId }, _sum: { sizeBytes: true } }),
    db.upload.findMany({ where: { videoId: null }, select: { id: true, ownerId: true, sizeBytes: true } }),
    statfs(DATA_DIR),
  ])
  const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0)
  const own = arriving.filter((upload) => upload.ownerId === ownerId)
  const used = Number(stored._sum.sizeBytes ?? 0n) + sum(own.map(({ sizeBytes }) => Number(sizeBytes)))
  const promised = sum(await Promise.all(arriving.map(bytesToCome)))
  const free = Math.max(0, disk.bavail * disk.bsize - DISK_RESERVE_BYTES - promised)
  const limit = (leftBytes: number, code: string, status: number, why: string) => ({
    leftBytes,
    refusal: (what: string) => new AppError({ code: `upload.${code}`, status, message: `${what}; ${why}.` }),
  })
  return [
    limit(UPLOAD_MAX_BYTES, 'too_large', 413, `the largest allowed is ${sizeText(UPLOAD_MAX_BYTES)}`),
    limit(
      STORAGE_QUOTA_BYTES - used,
      'quota_exceeded',
      413,
      `you use ${sizeText(used)} of your ${sizeText(STORAGE_QUOTA_BYTES)}`,
    ),
    limit(free, 'disk_full', 507, `the server has room for ${sizeText(free)}`),
  ]
}

/** What has arrived of an upload takes its room on the disk already. */
async function bytesToCome({ id, sizeBytes }: { id: string; sizeBytes: bigint }) {
  // By tus, or as the body of one request.
  const names = [id, `${id}.part`]
  const found = await Promise.all(names.map((name) => stat(path.join(uploadsDir(), name)).catch(() => null)))
  return Math.max(0, Number(sizeBytes) - (found.find(Boolean)?.size ?? 0))
}
