import { setTimeout } from 'node:timers/promises'
import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  type MultipartUpload,
} from '@aws-sdk/client-s3'
import type { Bucket } from './bucket'
import { isMissingUpload } from './s3-errors'

const REMOVE_ATTEMPTS = 5
const REMOVE_DELAY_MS = 100

/** Objects and subfolders directly below a folder, page by page; with `isRecursive`, all objects below it. */
export async function* listPages(bucket: Bucket, folder: string, { isRecursive }: { isRecursive: boolean }) {
  let token: string | undefined
  const Prefix = bucket.folderPrefix(folder)
  do {
    const command = new ListObjectsV2Command({
      Bucket: bucket.options.bucket,
      Prefix,
      Delimiter: isRecursive ? undefined : '/',
      ContinuationToken: token,
    })
    const page = await bucket.run(() => bucket.client.send(command))
    yield {
      files: (page.Contents ?? []).map(({ Key, Size }) => ({
        key: bucket.toKey(Key!),
        sizeBytes: Size ?? 0,
      })),
      folders: (page.CommonPrefixes ?? []).map(({ Prefix: folderPrefix }) => bucket.toKey(folderPrefix!)),
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined
  } while (token)
}

/** Removes the object of the key and all below it. @throws {Error} if the service could not remove one */
export async function removeObjects(bucket: Bucket, folder: string) {
  await removeBatch(bucket, [bucket.locate(folder).Key])
  for await (const { files } of listPages(bucket, folder, { isRecursive: true }))
    await removeBatch(
      bucket,
      files.map(({ key }) => bucket.locate(key).Key),
    )
}

/** Removes objects of one page. A service may refuse those that are being written at the same moment. */
async function removeBatch(bucket: Bucket, keys: string[]) {
  const { client, options, target } = bucket
  let left = keys
  for (let attempt = 1; left.length > 0; attempt++) {
    const Delete = { Objects: left.map((Key) => ({ Key })), Quiet: true }
    const command = new DeleteObjectsCommand({ Bucket: options.bucket, Delete })
    const { Errors = [] } = await bucket.run(() => client.send(command))
    const [error] = Errors
    if (error && attempt === REMOVE_ATTEMPTS)
      throw new Error(`${target}: could not remove ${error.Key}: ${error.Code} ${error.Message}`)
    left = Errors.map(({ Key }) => Key!)
    if (error) await setTimeout(REMOVE_DELAY_MS * attempt)
  }
}

/** Aborts multipart uploads below a folder that began before `before`. Returns their number. */
export async function abortUploads(
  bucket: Bucket,
  folder: string,
  { before, isKept = () => false }: { before: Date; isKept?: (key: string) => boolean },
) {
  const uploads = await listUploads(bucket, folder)
  const old = uploads.filter(({ Initiated, Key }) => Initiated! < before && !isKept(bucket.toKey(Key!)))
  for (const { Key, UploadId } of old) await abortUpload(bucket, { key: bucket.toKey(Key!), id: UploadId! })
  return old.length
}

/** Aborts a multipart upload, if it did not end meanwhile. */
export async function abortUpload(bucket: Bucket, { key, id }: { key: string; id: string }) {
  const command = new AbortMultipartUploadCommand({ ...bucket.locate(key), UploadId: id })
  await bucket.run(() =>
    bucket.client.send(command).catch((error: unknown) => {
      if (!isMissingUpload(error)) throw error
    }),
  )
}

async function listUploads(bucket: Bucket, folder: string) {
  const { client, options } = bucket
  const input = { Bucket: options.bucket, Prefix: bucket.folderPrefix(folder) }
  const uploads: MultipartUpload[] = []
  let markers: { KeyMarker?: string; UploadIdMarker?: string } = {}
  for (;;) {
    const command = new ListMultipartUploadsCommand({ ...input, ...markers })
    const page = await bucket.run(() => client.send(command))
    uploads.push(...(page.Uploads ?? []))
    if (!page.IsTruncated) return uploads
    markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
  }
}
