import { Readable } from 'node:stream'
import { handleLater } from '../handle-later'
import { type Bucket, getObject } from './bucket'
import { isTransient, toStorageError } from './s3-errors'

interface Options {
  key: string
  start: number
  end?: number
  etag?: string
  signal?: AbortSignal
}

const MAX_CUTS_WITHOUT_PROGRESS = 5

/**
 * Reads an object and continues where a broken connection stopped, as long as each one brings some bytes. Every further
 * request names the same version of the object. A reader that pauses loses its connection, not its place.
 * @throws {AppError} file.not_found; StorageUnavailable
 */
export async function openObject(bucket: Bucket, options: Options): Promise<Readable> {
  const first = await bucket.run(() => getObject(bucket, options), options.signal)
  const bytes = readOn(bucket, { ...options, etag: first.etag ?? options.etag }, first.body)
  return handleLater(Readable.from(bytes, { objectMode: false, signal: options.signal }))
}

type Body = Awaited<ReturnType<typeof getObject>>['body']

async function* readOn(bucket: Bucket, options: Options, first: Body): AsyncGenerator<Buffer> {
  let { start } = options
  let cuts = 0
  let body = first
  try {
    for (;;) {
      try {
        for await (const chunk of body) {
          start += chunk.length
          cuts = 0
          yield chunk
        }
        return
      } catch (error) {
        options.signal?.throwIfAborted()
        // All bytes have arrived; a range beyond the end would be refused.
        if (options.end !== undefined && start > options.end) return
        if (!isTransient(error) || ++cuts > MAX_CUTS_WITHOUT_PROGRESS)
          throw toStorageError(error, bucket.target)
        const place = { ...options, start }
        ;({ body } = await bucket.run(() => getObject(bucket, place), options.signal))
      }
    }
  } finally {
    body.destroy()
  }
}
