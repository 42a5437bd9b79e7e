import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** SHA-256 and size of the bytes received so far. */
export interface UploadChecksum {
  hash: Hash
  sizeBytes: number
}

export const createChecksum = (): UploadChecksum => ({ hash: createHash('sha256'), sizeBytes: 0 })

/** Reads the first `bytes` of a file again, to continue its checksum after a restart. */
export async function resumeChecksum(file: string, bytes: number): Promise<UploadChecksum> {
  const checksum = createChecksum()
  if (bytes === 0) return checksum
  for await (const chunk of createReadStream(file, { end: bytes - 1 })) {
    checksum.hash.update(chunk as Buffer)
    checksum.sizeBytes += (chunk as Buffer).length
  }
  return checksum
}
