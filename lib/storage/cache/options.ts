import path from 'node:path'

/** Runs `work` while no other process of this computer holds the lock of `file`. */
export type WithLock = <T>(
  options: { file: string; signal: AbortSignal },
  work: () => Promise<T>,
) => Promise<T>

export interface CacheOptions {
  dir: string
  /** The most that is kept, in bytes. One file alone may be larger. */
  maxBytes: number
  /** Disk space that downloads leave free, in bytes. */
  reserveBytes: number
  withLock: WithLock
}

export const cacheFolders = (dir: string) => ({
  files: path.join(dir, 'files'),
  partial: path.join(dir, 'partial'),
  leases: path.join(dir, 'leases'),
  locks: path.join(dir, 'locks'),
})

export type CacheFolders = ReturnType<typeof cacheFolders>
