import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  type Part,
} from '@aws-sdk/client-s3'
import { contentTypeOf } from '../content-type'
import { tailKeys } from '../keys'
import type { ResumableWrite, ResumableWrites } from '../storage'
import { type Bucket, statObject } from './bucket'
import { abortUpload, listPages, removeObjects } from './list-objects'
import { openObject } from './read-object'
import { isMissingUpload } from './s3-errors'
import { PartWriter } from './part-writer'
import { creationParams, partBytesOf, writeObject } from './write-object'

/**
 * Writes a file as a multipart upload, which any process continues: the service knows its parts. All parts but the last
 * have the same size. Bytes at the end of a request that do not fill a part are kept as an object of their own, the tail,
 * and are the beginning of the next part. Its name says which bytes it holds, so that one which has become part of the
 * file, or which a process that lost the upload stores late, counts no more.
 */
export const createResumableWrites = (bucket: Bucket): ResumableWrites => ({
  async begin(key) {
    const params = { ...bucket.locate(key), ...creationParams(bucket.options, contentTypeOf(key)) }
    const created = await bucket.run(() => bucket.client.send(new CreateMultipartUploadCommand(params)))
    return created.UploadId!
  },
  async countBytes(write) {
    const parts = await listParts(bucket, write)
    if (!parts) return (await isComplete(bucket, write)) ? write.sizeBytes : null
    const start = sumBytes(parts)
    return Math.max(start, ...(await listTailEnds(bucket, write.key, start)))
  },
  append: (write, options) => appendBytes(bucket, write, options),
  complete: (write) => completeUpload(bucket, write),
  async abort(write) {
    await abortUpload(bucket, write)
    await removeTails(bucket, write.key)
  },
})

async function appendBytes(
  bucket: Bucket,
  write: ResumableWrite,
  { offset, data }: { offset: number; data: AsyncIterable<Buffer> },
) {
  const { key, sizeBytes } = write
  const parts = await listParts(bucket, write)
  if (!parts) throw missingUpload(key)
  const start = sumBytes(parts)
  const tailEnds = offset > start ? await listTailEnds(bucket, key, start) : []
  const part = new Pending(partBytesOf(sizeBytes))
  if (offset > start) part.add(await readTail(bucket, key, { start, end: offset }))
  if (start + part.sizeBytes !== offset) throw new Error(`${key}: ${start} bytes are stored, not ${offset}`)
  const writer = new PartWriter(bucket, write, parts.length + 1)
  let end = offset
  try {
    for await (const chunk of data) {
      end += chunk.length
      for (let rest = part.add(chunk); rest.length > 0 || part.isFull; rest = part.add(rest))
        if (part.isFull) await writer.write(part.take())
    }
    if (end === sizeBytes && part.sizeBytes > 0) await writer.write(part.take())
  } finally {
    await writer.settle()
  }
  if (part.sizeBytes === 0 || end === offset) return
  await writeObject(bucket, { key: tailKeys(key).tail(end - part.sizeBytes, end), data: part.take() })
  for (const old of tailEnds) await removeObjects(bucket, tailKeys(key).tail(start, old))
}

const MAX_SMALL_BYTES = 1024 ** 2

/** Collects the bytes of one part. */
class Pending {
  #bytes = Buffer.alloc(0)
  sizeBytes = 0

  constructor(private readonly partBytes: number) {}

  get isFull() {
    return this.sizeBytes === this.partBytes
  }

  /** Returns what does not fit. */
  add(chunk: Buffer) {
    const wanted = Math.min(this.partBytes, this.sizeBytes + chunk.length)
    if (wanted > this.#bytes.length) {
      // Grows at first, so that a client that has sent little occupies little.
      const doubled = Math.max(wanted, 2 * this.#bytes.length)
      const grown = Buffer.allocUnsafeSlow(doubled > MAX_SMALL_BYTES ? this.partBytes : doubled)
      this.#bytes.copy(grown, 0, 0, this.sizeBytes)
      this.#bytes = grown
    }
    const added = chunk.copy(this.#bytes, this.sizeBytes)
    this.sizeBytes += added
    return chunk.subarray(added)
  }

  take() {
    const taken = this.#bytes.subarray(0, this.sizeBytes)
    this.#bytes = Buffer.alloc(0)
    this.sizeBytes = 0
    return taken
  }
}

async function completeUpload(bucket: Bucket, write: ResumableWrite) {
  const { key, sizeBytes } = write
  const parts = await listParts(bucket, write)
  if (!parts) {
    // An earlier attempt, whose response was lost, completed it.
    if (!(await isComplete(bucket, write))) throw missingUpload(key)
  } else {
    const storedBytes = sumBytes(parts)
    if (storedBytes !== sizeBytes) throw new Error(`${key}: ${storedBytes} of ${sizeBytes} bytes are stored`)
    const command = new CompleteMultipartUploadCommand({
      ...bucket.locate(key),
      UploadId: write.id,
      MultipartUpload: { Parts: parts.map(({ ETag, PartNumber }) => ({ ETag, PartNumber })) },
    })
    await bucket.run(() =>
      bucket.client.send(command).catch(async (error: unknown) => {
        if (!isMissingUpload(error) || !(await isComplete(bucket, write))) throw error
      }),
    )
  }
  await removeTails(bucket, key)
}

const missingUpload = (key: string) => new Error(`${key}: there is no such upload`)

async function removeTails(bucket: Bucket, key: string) {
  for await (const { files } of listPages(bucket, tailKeys(key).folder, { isRecursive: false }))
    for (const tail of files) await removeObjects(bucket, tail.key)
}

const isComplete = async (bucket: Bucket, { key, sizeBytes }: ResumableWrite) =>
  (await statObject(bucket, key))?.sizeBytes === sizeBytes

/** The parts from the first on without a gap, up to the size of the file; null if the upload has ended. */
async function listParts(bucket: Bucket, { key, id, sizeBytes }: ResumableWrite) {
  const parts: Part[] = []
  let marker: string | undefined
  do {
    const command = new ListPartsCommand({ ...bucket.locate(key), UploadId: id, PartNumberMarker: marker })
    const page = await bucket.run(() =>
      bucket.client.send(command).catch((error: unknown) => {
        if (isMissingUpload(error)) return null
        throw error
      }),
    )
    if (!page) return null
    parts.push(...(page.Parts ?? []))
    marker = page.IsTruncated ? page.NextPartNumberMarker : undefined
  } while (marker)
  let endBytes = 0
  const isNext = ({ PartNumber, Size }: Part, index: number) =>
    PartNumber === index + 1 && (endBytes += Size!) <= sizeBytes
  const end = parts.findIndex((part, index) => !isNext(part, index))
  return end < 0 ? parts : parts.slice(0, end)
}

const sumBytes = (parts: Part[]) => parts.reduce((sum, { Size }) => sum + Size!, 0)

/** The ends of the tails that begin at `start`. */
async function listTailEnds(bucket: Bucket, key: string, start: number) {
  const ends: number[] = []
  for await (const { files } of listPages(bucket, tailKeys(key).folder, { isRecursive: false }))
    for (const file of files) {
      const [from, to] = path.posix.basename(file.key).split('-').map(Number)
      if (from === start) ends.push(to!)
    }
  return ends
}

const readTail = async (bucket: Bucket, key: string, { start, end }: { start: number; end: number }) =>
  buffer(await openObject(bucket, { key: tailKeys(key).tail(start, end), start: 0 }))
