import { GetObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { notFound } from '../../errors'
import type { FileCache } from '../cache/file-cache'
import type { LocalFileOptions, Storage } from '../storage'
import { openBucket, statObject } from './bucket'
import { downloadObject } from './download-object'
import { abortUploads, listPages, removeObjects } from './list-objects'
import { openObject } from './read-object'
import { createResumableWrites } from './resumable-writes'
import { createS3Client, type S3Options } from './s3-client'
import { isChanged } from './s3-errors'
import { writeFileAsObject, writeObject } from './write-object'

/**
 * Stores files as objects in a bucket of any S3-compatible service. Large files are uploaded in parts and downloads
 * continue after a broken connection. `cache` keeps local copies for `withLocalFile`, which throws without it.
 */
export function createS3Storage(options: S3Options, cache?: FileCache): Required<Storage> {
  const bucket = openBucket(options)
  const signing = createS3Client({ ...options, endpoint: options.publicEndpoint ?? options.endpoint })

  const acquireLocalFile = async ({ key, sha256, signal }: LocalFileOptions) => {
    const file = await statObject(bucket, key, signal)
    if (!file) throw notFound('file')
    if (!cache) throw new Error('this process keeps no local copies of stored files')
    const { sizeBytes, etag } = file
    const version = { key, etag, sizeBytes, sha256, signal }
    return cache.acquire({
      id: [bucket.target, key, etag].join('\n'),
      sizeBytes,
      signal,
      download: (to) => downloadObject(bucket, { ...version, to }),
    })
  }

  return {
    name: 's3',
    target: bucket.target,
    put: (key, data, write) => writeObject(bucket, { key, data }, write),
    copyIn: (key, file, write) => writeFileAsObject(bucket, key, file, write),
    async moveIn(key, file, write) {
      await writeFileAsObject(bucket, key, file, write)
      await rm(file)
    },
    stat: (key, { signal } = {}) => statObject(bucket, key, signal),
    read: (key, { range, signal } = {}) =>
      openObject(bucket, { key, start: range?.start ?? 0, end: range?.end, signal }),
    removeUnusedCopies: async (unusedMs) => cache?.removeUnused(unusedMs),
    async withLocalFile(wanted, work) {
      const local = await acquireLocalFile(wanted).catch((error: unknown) => {
        // The object was replaced between its stat and its download.
        if (isChanged(error)) return acquireLocalFile(wanted)
        throw error
      })
      try {
        return await work(local.file)
      } finally {
        await local.release()
      }
    },
    async list(prefix) {
      const names: string[] = []
      for await (const { files, folders } of listPages(bucket, prefix, { isRecursive: false }))
        names.push(...[...files.map(({ key }) => key), ...folders].map((key) => path.posix.basename(key)))
      return names
    },
    async *walk(prefix) {
      for await (const { files } of listPages(bucket, prefix, { isRecursive: true })) yield* files
    },
    removeAll: (prefix) => removeObjects(bucket, prefix),
    removeUnfinished: (prefix, before, isKept) => abortUploads(bucket, prefix, { before, isKept }),
    resumable: createResumableWrites(bucket),
    temporaryUrl: (key, { expiresInSeconds, ...headers }) =>
      bucket.run(() =>
        getSignedUrl(
          signing,
          new GetObjectCommand({
            ...bucket.locate(key),
            ResponseContentType: headers.contentType,
            ResponseContentDisposition: headers.contentDisposition,
            ResponseCacheControl: headers.cacheControl,
          }),
          { expiresIn: expiresInSeconds, signingDate: startOfHalf(expiresInSeconds) },
        ),
      ),
  }
}

/** All requests of half a lifetime get the same URL, which browsers and a CDN can cache. */
function startOfHalf(lifetimeSeconds: number) {
  const halfMs = (lifetimeSeconds * 1000) / 2
  return new Date(Math.floor(Date.now() / halfMs) * halfMs)
}
