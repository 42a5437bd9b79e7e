import { Readable } from 'node:stream'
import { PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { contentTypeOf } from '../content-type'
import { openRegularFile } from '../regular-file'
import type { WriteOptions } from '../storage'
import type { Bucket } from './bucket'

const MiB = 1024 ** 2
/** Up to four parts are in memory. */
const PART_BYTES = 8 * MiB
const MAX_PARTS = 10_000

/** Stores a buffer in one request, a stream or large file in parts. A failed upload leaves no parts if the service answers. */
export async function writeObject(
  bucket: Bucket,
  { key, data, sizeBytes }: { key: string; data: Buffer | Readable; sizeBytes?: number },
  { contentType, signal }: WriteOptions = {},
) {
  const { encryption, kmsKeyId } = bucket.options
  const params: PutObjectCommandInput = {
    ...bucket.locate(key),
    ContentType: contentType ?? contentTypeOf(key),
    ServerSideEncryption: encryption,
    SSEKMSKeyId: kmsKeyId,
  }
  if (Buffer.isBuffer(data)) {
    const command = new PutObjectCommand({ ...params, Body: data })
    await bucket.run(() => bucket.client.send(command, { abortSignal: signal }), signal)
    return
  }
  const upload = new Upload({
    client: bucket.client,
    params: { ...params, Body: signal ? endWhenAborted(data, signal) : data },
    partSize: Math.max(PART_BYTES, Math.ceil((sizeBytes ?? 0) / (MAX_PARTS - 1))),
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
    await writeObject(bucket, { key, data, sizeBytes: size }, options)
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
