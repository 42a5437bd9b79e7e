import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Transform } from 'node:stream'
import { AppError } from '@/lib/errors'
import { isMedia, notMediaError, SNIFF_BYTES } from '@/lib/videos/containers'

/** The checksum of a file that is arriving, as far as it has come. */
export interface UploadChecksum {
  hash: Hash
  sizeBytes: number
}

export const createChecksum = (): UploadChecksum => ({ hash: createHash('sha256'), sizeBytes: 0 })

/** The arrival of a file whose first `bytes` are on disk, read again after a restart. */
export async function resumeChecksum(file: string, bytes: number): Promise<UploadChecksum> {
  const arrival = createChecksum()
  if (bytes === 0) return arrival
  for await (const chunk of createReadStream(file, { end: bytes - 1 })) {
    arrival.hash.update(chunk as Buffer)
    arrival.sizeBytes += (chunk as Buffer).length
  }
  return arrival
}

/**
 * Passes bytes through: hashes them, and stops a file that is no media after its first few thousand bytes. Where
 * `promiseMore` is given, it is asked for room for what has come, and tells how much may come until it is asked again.
 */
export function createUploadStream(
  arrival: UploadChecksum,
  promiseMore?: (bytes: number) => Promise<number>,
) {
  let head: Buffer | null = arrival.sizeBytes === 0 ? Buffer.alloc(0) : null
  let promisedBytes = promiseMore ? 0 : Infinity
  const judge = async () => {
    const known = head && (await isMedia(head))
    head = null
    if (known === false) throw new AppError({ ...notMediaError, status: 415 })
  }
  const look = async (chunk: Buffer) => {
    if (promiseMore && arrival.sizeBytes > promisedBytes) promisedBytes = await promiseMore(arrival.sizeBytes)
    if (!head) return
    head = Buffer.concat([head, chunk.subarray(0, SNIFF_BYTES)])
    if (head.length >= SNIFF_BYTES) await judge()
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      arrival.hash.update(chunk)
      arrival.sizeBytes += chunk.length
      if (!head && arrival.sizeBytes <= promisedBytes) return done(null, chunk)
      look(chunk).then(() => done(null, chunk), done)
    },
    flush(done) {
      if (!head || head.length === 0) return done()
      judge().then(() => done(), done)
    },
  })
}
