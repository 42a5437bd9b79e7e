import path from 'node:path'
import { type Config, config } from '../config/config'
import { processSingleton } from '../concurrency/process-singleton'
import type { WithLock } from './cache/options'
import { createLocalStorage } from './local-storage'
import type { Storage } from './storage'

interface Options {
  /** See S3Options. */
  patienceMs: number
  /** Needed for `withLocalFile` of a remote storage. */
  withLock?: WithLock
}

/** A request that waits for a storage that is away is answered after seconds. */
const WEB_PATIENCE_MS = 3_000

const singleton = processSingleton<Promise<Storage>>('storage')

/** The storage that the configuration selects, for the web process. */
export const configuredStorage = () =>
  (singleton.current ??= openStorage(config(), { patienceMs: WEB_PATIENCE_MS }))

/** The storage that `settings` select. */
export async function openStorage(settings: Config, { patienceMs, withLock }: Options): Promise<Storage> {
  const { DATA_DIR } = settings
  if (settings.STORAGE === 'local') return createLocalStorage(path.join(DATA_DIR, 'storage'))
  // Loading the SDK takes a quarter of a second and 35 MB.
  const [{ createS3Storage }, { openFileCache }] = await Promise.all([
    import('./s3/s3-storage'),
    import('./cache/file-cache'),
  ])
  const cache = withLock && {
    dir: path.join(DATA_DIR, 'cache'),
    maxBytes: settings.STORAGE_CACHE_BYTES,
    reserveBytes: settings.DISK_RESERVE_BYTES,
    withLock,
  }
  return createS3Storage({ ...readS3Options(settings), patienceMs }, cache && openFileCache(cache))
}

/** @throws {Error} if no bucket is configured */
function readS3Options(settings: Config) {
  if (!settings.S3_BUCKET) throw new Error('S3_BUCKET is not set.')
  return {
    endpoint: settings.S3_ENDPOINT,
    publicEndpoint: settings.S3_PUBLIC_ENDPOINT,
    bucket: settings.S3_BUCKET,
    region: settings.S3_REGION,
    isPathStyle: settings.S3_PATH_STYLE === 'on',
    prefix: settings.S3_PREFIX,
    encryption: settings.S3_SERVER_SIDE_ENCRYPTION,
    kmsKeyId: settings.S3_KMS_KEY_ID,
  }
}
