import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { errorCode } from '@/lib/errors'

export interface Checksum {
  algorithm: 'sha1' | 'sha256' | 'sha512'
  /** In lower case. */
  hex: string
}

/** Whether a file exists and has this checksum. @throws the signal's reason */
export async function hasChecksum(
  file: string,
  { checksum, signal }: { checksum: Checksum; signal: AbortSignal },
) {
  const hash = createHash(checksum.algorithm)
  try {
    await pipeline(createReadStream(file, { highWaterMark: 1024 ** 2 }), hash, { signal })
  } catch (error) {
    signal.throwIfAborted()
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
  return hash.digest('hex') === checksum.hex
}
