import { Transform } from 'node:stream'
import * as messages from '@/lib/generated/messages/upload-errors'
import { AppError } from '../errors'
import { AGE_MAGIC } from './age-file'
import { findFileType, notMediaError, SNIFF_BYTES } from '../videos/file-types'
import type { UploadChecksum } from './upload-checksum'

/**
 * A pass-through stream that updates `checksum` and fails with `video.not_media` after the first few thousand bytes of a
 * file that is certainly no media, or with `archive.not_encrypted` if it has to be an archive. `extendReservation`, if set, is called with the bytes received whenever they exceed
 * the reservation, and resolves to the new reservation in bytes.
 */
export function createUploadStream(
  checksum: UploadChecksum,
  extendReservation?: (bytes: number) => Promise<number>,
  isArchive?: boolean,
) {
  let head: Buffer | null = checksum.sizeBytes === 0 ? Buffer.alloc(0) : null
  let reservedBytes = extendReservation ? 0 : Infinity
  const checkHead = async () => {
    const bytes = head!
    head = null
    if (isArchive) return requireArchive(bytes)
    const type = await findFileType(bytes)
    if (type && !type.mayBeMedia) throw new AppError({ ...notMediaError(type.name), status: 415 })
  }
  const inspect = async (chunk: Buffer) => {
    if (extendReservation && checksum.sizeBytes > reservedBytes)
      reservedBytes = await extendReservation(checksum.sizeBytes)
    if (!head) return
    head = Buffer.concat([head, chunk.subarray(0, SNIFF_BYTES)])
    if (head.length >= SNIFF_BYTES) await checkHead()
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      checksum.hash.update(chunk)
      checksum.sizeBytes += chunk.length
      if (!head && checksum.sizeBytes <= reservedBytes) return done(null, chunk)
      inspect(chunk).then(() => done(null, chunk), done)
    },
    flush(done) {
      if (!head || head.length === 0) return done()
      checkHead().then(() => done(), done)
    },
  })
}

/** @throws {AppError} archive.not_encrypted */
function requireArchive(head: Buffer) {
  if (head.subarray(0, AGE_MAGIC.length).equals(AGE_MAGIC)) return
  throw new AppError({
    code: 'archive.not_encrypted',
    message: messages.notEncrypted(),
    status: 415,
  })
}
