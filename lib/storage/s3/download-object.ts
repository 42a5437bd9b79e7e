import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { corruptFile } from '../errors'
import { hashWhileReading } from '../hash-while-reading'
import type { Bucket } from './bucket'
import { openObject } from './read-object'
import { isChanged } from './s3-errors'

interface Options {
  key: string
  etag: string
  sizeBytes: number
  /** In hexadecimal. Default: not checked. */
  sha256?: string
  signal: AbortSignal
  /** A local file, which may hold the first bytes from an interrupted download. */
  to: string
}

/**
 * Downloads one version of an object, from where an earlier download of it stopped, and checks size and checksum. If that
 * fails, the earlier bytes may be at fault, and it downloads all of them again, once.
 * @throws {AppError} file.not_found, storage.corrupt; StorageUnavailable, after which `to` holds what has arrived
 */
export async function downloadObject(bucket: Bucket, options: Options) {
  const { key, to } = options
  for (const isLast of [false, true]) {
    const problem = await download(bucket, options)
    if (!problem) return
    await rm(to, { force: true })
    if (isLast) throw corruptFile(key, problem)
  }
}

/** Returns what is wrong with the result. */
async function download(bucket: Bucket, { key, etag, sizeBytes, sha256, signal, to }: Options) {
  const start = (await stat(to).catch(() => null))?.size ?? 0
  if (start > sizeBytes) return 'it is longer than the object'
  const hash = sha256 ? createHash('sha256') : null
  if (hash && start > 0) for await (const chunk of createReadStream(to)) hash.update(chunk as Buffer)
  if (start < sizeBytes) {
    try {
      const bytes = await openObject(bucket, { key, start, etag, signal })
      const hashed = (source: AsyncIterable<Buffer>) => hashWhileReading(source, hash)
      await pipeline(bytes, hashed, createWriteStream(to, { flags: 'a' }), { signal })
    } catch (error) {
      signal.throwIfAborted()
      // Its bytes belong to a version that no longer exists.
      if (isChanged(error)) await rm(to, { force: true })
      throw error
    }
  }
  const { size } = await stat(to)
  if (size !== sizeBytes) return `${size} bytes arrived instead of ${sizeBytes}`
  const digest = hash?.digest('hex')
  if (hash && digest !== sha256) return `its checksum is ${digest} instead of ${sha256}`
  return null
}
