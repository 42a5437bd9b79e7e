import { readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { errorCode } from '../../errors'
import { formatBytes } from '../../text/format-bytes'
import { StorageUnavailable } from '../errors'
import { readFreeDiskBytes } from '../free-disk'
import type { CacheFolders, CacheOptions } from './options'

/** An interrupted download that was not continued for this long may be removed. */
const STALE_DOWNLOAD_MS = 10 * 60_000

interface Entry {
  file: string
  /** What it occupies or, for a download in progress, will occupy. */
  sizeBytes: number
  outstandingBytes: number
  usedAt: number
  isEvictable: boolean
}

interface Options extends Pick<CacheOptions, 'maxBytes' | 'reserveBytes'> {
  folders: Omit<CacheFolders, 'locks'>
  /** The file to be downloaded, which may have begun. */
  partial: string
  sizeBytes: number
}

/**
 * Removes the files that were not used for longest until the cache and the disk have room for another one. The caller holds
 * the lock of the whole cache.
 * @throws {StorageUnavailable} storage.cache_full
 */
export async function makeRoom({ folders, partial, sizeBytes, maxBytes, reserveBytes }: Options) {
  const entries = (await listAll(folders)).filter(({ file }) => file !== partial)
  const arrivedBytes = (await stat(partial).catch(() => null))?.size ?? 0
  const evictable = entries.filter((entry) => entry.isEvictable).sort((a, b) => a.usedAt - b.usedAt)
  let kept = entries
  for (;;) {
    const usedBytes = kept.reduce((sum, entry) => sum + entry.sizeBytes, 0)
    const outstandingBytes = kept.reduce(
      (sum, entry) => sum + entry.outstandingBytes,
      sizeBytes - arrivedBytes,
    )
    const isWithinLimit = usedBytes + sizeBytes <= maxBytes || kept.length === 0
    const freeBytes = (await readFreeDiskBytes(folders.files)) - reserveBytes
    if (isWithinLimit && outstandingBytes <= freeBytes) return
    const oldest = evictable.shift()
    if (!oldest) {
      const reason = isWithinLimit
        ? `the disk has ${formatBytes(Math.max(0, freeBytes))} beside the reserve`
        : `files in use occupy ${formatBytes(usedBytes)} of ${formatBytes(maxBytes)}`
      throw new StorageUnavailable(
        'storage.cache_full',
        `no room for a local copy of ${formatBytes(sizeBytes)}: ${reason}`,
      )
    }
    await rm(oldest.file, { force: true })
    kept = kept.filter((entry) => entry !== oldest)
  }
}

/** Removes what was not used for `unusedMs`. The caller holds the lock of the whole cache. */
export async function removeUnused({ folders, unusedMs }: Pick<Options, 'folders'> & { unusedMs: number }) {
  for (const { file, usedAt, isEvictable } of await listAll(folders))
    if (isEvictable && Date.now() - usedAt > unusedMs) await rm(file, { force: true })
}

async function listAll({ files, partial, leases }: Options['folders']) {
  await removeLeasesOfDead(leases)
  return [...(await listFiles(files)), ...(await listDownloads(partial))]
}

async function listFiles(dir: string): Promise<Entry[]> {
  return listEntries(dir, (stats) => ({
    sizeBytes: stats.size,
    outstandingBytes: 0,
    isEvictable: stats.nlink === 1,
  }))
}

const listDownloads = (dir: string): Promise<Entry[]> =>
  listEntries(dir, (stats, name) => {
    const sizeBytes = Number(name.split('.')[1])
    const isStale = Date.now() - stats.mtimeMs > STALE_DOWNLOAD_MS
    return { sizeBytes, outstandingBytes: Math.max(0, sizeBytes - stats.size), isEvictable: isStale }
  })

async function listEntries(
  dir: string,
  describe: (
    stats: Awaited<ReturnType<typeof stat>> & { size: number; nlink: number; mtimeMs: number },
    name: string,
  ) => Pick<Entry, 'sizeBytes' | 'outstandingBytes' | 'isEvictable'>,
) {
  const entries: Entry[] = []
  for (const name of await readdir(dir)) {
    const file = path.join(dir, name)
    const stats = await stat(file).catch(() => null)
    if (stats) entries.push({ file, usedAt: stats.mtimeMs, ...describe(stats, name) })
  }
  return entries
}

/** Leases of processes of this computer that have ended without releasing them. */
async function removeLeasesOfDead(dir: string) {
  for (const owner of await readdir(dir)) {
    const pid = Number(owner.split('.').at(-1))
    if (owner.startsWith(`${hostname()}.`) && !isRunning(pid))
      await rm(path.join(dir, owner), { recursive: true, force: true })
  }
}

function isRunning(pid: number) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}
