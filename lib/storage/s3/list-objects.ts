import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  type MultipartUpload,
} from '@aws-sdk/client-s3'
import type { Bucket } from './bucket'

/** The most that one request removes. */
const MAX_REMOVED = 1_000

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
  // Each page is removed before the next is listed, so every listing begins at the start.
  for (;;) {
    const { done, value } = await listPages(bucket, folder, { isRecursive: true }).next()
    if (done || value.files.length === 0) return
    await removeBatch(
      bucket,
      value.files.map(({ key }) => bucket.locate(key).Key),
    )
  }
}

async function removeBatch(bucket: Bucket, objects: string[]) {
  for (let at = 0; at < objects.length; at += MAX_REMOVED) {
    const Objects = objects.slice(at, at + MAX_REMOVED).map((Key) => ({ Key }))
    const command = new DeleteObjectsCommand({
      Bucket: bucket.options.bucket,
      Delete: { Objects, Quiet: true },
    })
    const { Errors = [] } = await bucket.run(() => bucket.client.send(command))
    const [error] = Errors
    if (error)
      throw new Error(`${bucket.target}: could not remove ${error.Key}: ${error.Code} ${error.Message}`)
  }
}

/** Aborts multipart uploads below a folder that began before `before`. Returns their number. */
export async function abortUploads(bucket: Bucket, folder: string, before: Date) {
  const { client, options } = bucket
  const old = (await listUploads(bucket, folder)).filter(({ Initiated }) => Initiated! < before)
  for (const { Key, UploadId } of old) {
    const command = new AbortMultipartUploadCommand({ Bucket: options.bucket, Key, UploadId })
    await bucket.run(() =>
      client.send(command).catch((error: Error) => {
        // It ended meanwhile.
        if (error.name !== 'NoSuchUpload') throw error
      }),
    )
  }
  return old.length
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
