import { Readable } from 'node:stream'
import { PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { contentTypeOf } from '../content-type'
import { openRegularFile } from '../regular-file'
import type { WriteOptions } from '../storage'
import type { Bucket } from './bucket'
import type { S3Options } from './s3-client'

const MiB = 1024 ** 2
/** Up to four parts are in memory. */
const PART_BYTES = 8 * MiB
const MAX_PARTS = 10_000

/** The size of the parts of a file. All but the last have the same, as some services require. */
export const partBytesOf = (sizeBytes: number) => Math.max(PART_BYTES, Math.ceil(sizeBytes / (MAX_PARTS - 1)))

/** What requests that create an object send besides its place. */
export const creationParams = ({ encryption, kmsKeyId }: S3Options, contentType: string) => ({
  ContentType: contentType,
  ServerSideEncryption: encryption,
  SSEKMSKeyId: kmsKeyId,
})

/** Stores a buffer in one request, a stream or large file in parts. A failed upload leaves no parts if the service answers. */
export async function writeObject(
  bucket: Bucket,
  { key, data }: { key: string; data: Buffer | Readable },
  { contentType, sizeBytes, signal }: WriteOptions = {},
) {
  const params: PutObjectCommandInput = {
    ...bucket.locate(key),
    ...creationParams(bucket.options, contentType ?? contentTypeOf(key)),
  }
  if (Buffer.isBuffer(data)) {
    const command = new PutObjectCommand({ ...params, Body: data })
    await bucket.run(() => bucket.client.send(command, { abortSignal: signal }), signal)
    return
  }
  const upload = new Upload({
    client: bucket.client,
    params: { ...params, Body: signal ? endWhenAborted(data, signal) : data },
    partSize: partBytesOf(sizeBytes ?? 0),
  })
  try {
    await bucket.run(() => untilAborted(upload.done(), signal), signal)
  } finally {
    data.destroy()
  }
}

/** Stores a local file. @throws {Error} if it is not a regular file */
export async function writeFileAsObject(bucket: Bucket, key: string, file: string, options?: WriteOptions) {
  const handle = await openRegularFile(file)
  if (!handle) throw new Error(`not a regular file: ${file}`)
  try {
    const { size } = await handle.stat()
    const data =
      size <= PART_BYTES
        ? await handle.readFile()
        : handle.createReadStream({ highWaterMark: MiB, autoClose: false })
    await writeObject(bucket, { key, data }, { ...options, sizeBytes: size })
  } finally {
    await handle.close()
  }
}

/** An error in its source makes the upload abort its parts; `Upload.abort` would not wait for those in progress. */
const endWhenAborted = (data: Readable, signal: AbortSignal) =>
  Readable.from(
    (async function* () {
      for await (const chunk of data) {
        signal.throwIfAborted()
        yield chunk as Buffer
      }
    })(),
    { objectMode: false },
  )

/** Rejects when aborted; the work continues in the background. */
async function untilAborted<T>(work: Promise<T>, signal?: AbortSignal) {
  if (!signal) return work
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason as Error)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
