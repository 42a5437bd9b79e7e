import { createHash, type Hash } from 'node:crypto'

/** SHA-256 and size of the bytes received so far. */
export interface UploadChecksum {
  hash: Hash
  sizeBytes: number
}

export const createChecksum = (): UploadChecksum => ({ hash: createHash('sha256'), sizeBytes: 0 })

/** Reads the bytes that were received earlier again, to continue their checksum after a restart. */
export async function resumeChecksum(received: AsyncIterable<unknown>): Promise<UploadChecksum> {
  const checksum = createChecksum()
  for await (const chunk of received) {
    checksum.hash.update(chunk as Buffer)
    checksum.sizeBytes += (chunk as Buffer).length
  }
  return checksum
}
