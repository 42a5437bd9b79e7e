import { GetObjectCommand, HeadBucketCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { notFound } from '../../errors'
import type { FileStat } from '../storage'
import { requireValidKey } from '../valid-key'
import { createS3Client, type S3Options } from './s3-client'
import { bucketMissing, isMissing, isMissingBucket, toStorageError } from './s3-errors'

/** The bucket of a storage: its client, the objects of keys, and the mapping of errors. */
export interface Bucket {
  client: S3Client
  options: S3Options
  /** For display; without credentials. */
  target: string
  /** The object of a key. @throws {AppError} file.not_found */
  locate(key: string): { Bucket: string; Key: string }
  /** The common beginning of all objects below a folder; of all objects of this storage if it is empty. */
  folderPrefix(folder: string): string
  /** The key of an object. */
  toKey(object: string): string
  /** Runs requests. @throws {StorageUnavailable} for errors of the service; the signal's reason */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

export function openBucket(options: S3Options): Bucket {
  const { bucket, prefix, endpoint, region } = options
  const start = prefix ? `${prefix}/` : ''
  const target = `${endpoint ?? `s3.${region}.amazonaws.com`}, bucket ${bucket}${prefix && `, ${prefix}/`}`
  return {
    client: createS3Client(options),
    options,
    target,
    locate: (key) => ({ Bucket: bucket, Key: start + requireValidKey(key) }),
    folderPrefix: (folder) => (folder === '' ? start : `${start}${requireValidKey(folder)}/`),
    toKey: (object) => object.slice(start.length),
    async run(work, signal) {
      signal?.throwIfAborted()
      try {
        return await work()
      } catch (error) {
        signal?.throwIfAborted()
        throw toStorageError(error, target)
      }
    },
  }
}

/** Size and entity tag of an object; null if there is none. @throws {StorageUnavailable} */
export function statObject(bucket: Bucket, key: string, signal?: AbortSignal): Promise<FileStat | null> {
  const place = bucket.locate(key)
  return bucket.run(async () => {
    try {
      const head = await bucket.client.send(new HeadObjectCommand(place), { abortSignal: signal })
      return { sizeBytes: head.ContentLength ?? 0, etag: head.ETag ?? '' }
    } catch (error) {
      if (!isMissing(error)) throw error
      await requireBucket(bucket)
      return null
    }
  }, signal)
}

/** A HEAD request gets the same answer for a missing object as for a missing bucket. @throws {StorageUnavailable} */
async function requireBucket({ client, options, target }: Bucket) {
  try {
    await client.send(new HeadBucketCommand({ Bucket: options.bucket }))
  } catch (error) {
    throw isMissing(error) || isMissingBucket(error) ? bucketMissing(target, error) : error
  }
}

interface OpenOptions {
  key: string
  start: number
  /** Included. Default: the last byte. */
  end?: number
  /** Refuses another version of the object with 412. */
  etag?: string
  signal?: AbortSignal
}

/** Requests the bytes of an object. @throws {AppError} file.not_found; errors of the SDK */
export async function getObject(bucket: Bucket, { key, start, end, etag, signal }: OpenOptions) {
  const range = start > 0 || end !== undefined ? `bytes=${start}-${end ?? ''}` : undefined
  const command = new GetObjectCommand({ ...bucket.locate(key), Range: range, IfMatch: etag })
  try {
    const { Body, ETag } = await bucket.client.send(command, { abortSignal: signal })
    return { body: Body as AsyncIterable<Buffer> & { destroy(): void }, etag: ETag }
  } catch (error) {
    throw isMissing(error) ? notFound('file') : error
  }
}
