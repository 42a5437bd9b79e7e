import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, open, rename, rm, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { errorCode } from '../../errors'
import { makeRoom, removeUnused } from './make-room'
import { cacheFolders, type CacheOptions } from './options'

interface CachedFile {
  /** Identifies the content. */
  id: string
  sizeBytes: number
  signal: AbortSignal
  /** Writes the content to a file, which may hold its first bytes from an interrupted download. */
  download(to: string): Promise<void>
}

export interface FileCache {
  /**
   * Returns a local file with the content, downloaded once however many callers of all processes of this computer want
   * it. The file exists until `release`.
   * @throws {StorageUnavailable} storage.cache_full while files in use leave no room
   */
  acquire(wanted: CachedFile): Promise<{ file: string; release(): Promise<void> }>
  /** Removes the files that were not used for `unusedMs`, among them those of deleted objects. */
  removeUnused(unusedMs: number): Promise<void>
}

/** The leases of this process, by folder, once those of an earlier process with the same id are removed, as in containers. */
const ownLeases = new Map<string, Promise<unknown>>()

/**
 * A cache of files in a folder that the processes of one computer share. A file in use has a second hard link below
 * `leases`, so its link count shows whether it can be evicted, also after a crash of its user.
 */
export function openFileCache(options: CacheOptions): FileCache {
  const folders = cacheFolders(options.dir)
  const leasesDir = path.join(folders.leases, `${hostname()}.${process.pid}`)
  const createFolders = async () => {
    for (const dir of [folders.files, folders.partial, folders.locks, leasesDir])
      await mkdir(dir, { recursive: true })
  }
  const removeEarlierLeases = () => {
    if (!ownLeases.has(leasesDir)) ownLeases.set(leasesDir, rm(leasesDir, { recursive: true, force: true }))
    return ownLeases.get(leasesDir)
  }
  const withRoomLock = <T>(signal: AbortSignal, work: () => Promise<T>) =>
    options.withLock({ file: path.join(folders.locks, 'room'), signal }, work)
  const lease = async (from: string) => {
    const file = path.join(leasesDir, randomUUID())
    await link(from, file)
    return { file, release: () => rm(file, { force: true }) }
  }
  const leaseCached = async (cached: string) => {
    try {
      const leased = await lease(cached)
      const now = new Date()
      await utimes(leased.file, now, now)
      return leased
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null
      throw error
    }
  }
  return {
    async acquire({ id, sizeBytes, signal, download }) {
      await removeEarlierLeases()
      await createFolders()
      const name = createHash('sha256').update(id).digest('hex')
      const cached = path.join(folders.files, name)
      const found = await leaseCached(cached)
      if (found) return found
      return options.withLock({ file: path.join(folders.locks, name), signal }, async () => {
        const downloaded = await leaseCached(cached)
        if (downloaded) return downloaded
        // The size in its name reserves the room.
        const partial = path.join(folders.partial, `${name}.${sizeBytes}`)
        await withRoomLock(signal, async () => {
          await makeRoom({ ...options, folders, partial, sizeBytes })
          await (await open(partial, 'a')).close()
        })
        await download(partial)
        const leased = await lease(partial)
        await rename(partial, cached)
        return leased
      })
    },
    async removeUnused(unusedMs) {
      await removeEarlierLeases()
      await createFolders()
      await withRoomLock(new AbortController().signal, () => removeUnused({ folders, unusedMs }))
    },
  }
}
