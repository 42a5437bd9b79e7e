import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { openFileCache } from '@/lib/storage/cache/file-cache'
import type { CacheOptions } from '@/lib/storage/cache/options'
import { createS3Client, type S3Options } from '@/lib/storage/s3/s3-client'
import { createS3Storage } from '@/lib/storage/s3/s3-storage'
import { withFileLock } from '@/worker/process/file-lock'
import type { S3Service } from './s3-service'

/** Options for a new bucket of the service. */
export async function createBucket(service: S3Service): Promise<S3Options> {
  const options: S3Options = {
    endpoint: service.endpoint,
    bucket: `test-${randomUUID()}`,
    region: 'us-east-1',
    isPathStyle: true,
    prefix: '',
    patienceMs: 3_000,
    credentials: { accessKeyId: service.accessKeyId, secretAccessKey: service.secretAccessKey },
  }
  const client = createS3Client(options)
  await client.send(new CreateBucketCommand({ Bucket: options.bucket }))
  client.destroy()
  return options
}

/** The variables that make an app use the bucket. */
export const toEnv = ({ endpoint, bucket, prefix, credentials }: S3Options): Record<string, string> => ({
  STORAGE: 's3',
  S3_ENDPOINT: endpoint!,
  S3_BUCKET: bucket,
  S3_PATH_STYLE: 'on',
  S3_PREFIX: prefix,
  AWS_ACCESS_KEY_ID: credentials!.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials!.secretAccessKey,
})

/** A storage in the bucket with a cache of its own. */
export async function openTestStorage(options: S3Options, cache?: Partial<CacheOptions>) {
  const dir = cache?.dir ?? (await mkdtemp(path.join(tmpdir(), 's3-cache-')))
  const fileCache = openFileCache({
    dir,
    maxBytes: 1024 ** 3,
    reserveBytes: 0,
    withLock: withFileLock,
    ...cache,
  })
  return {
    storage: createS3Storage(options, fileCache),
    cacheDir: dir,
    close: () => rm(dir, { recursive: true, force: true }),
  }
}
