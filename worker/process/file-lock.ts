import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import { spawnGroup } from './process-group'
import { programEnv } from './program-env'

interface Options {
  /** Created on acquisition and removed on release. Its directory must exist. */
  file: string
  /** Aborting it rejects a call that still waits with the signal's reason; it does not affect `work`. */
  signal: AbortSignal
}

/**
 * Runs `work` while no other caller, in this or another process of this computer, holds the same lock. The kernel
 * releases the lock when its process ends, even by a crash.
 */
export async function withFileLock<T>({ file, signal }: Options, work: () => Promise<T>): Promise<T> {
  const lock = await acquireLock(file, signal)
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
    await lock.close()
  }
}

async function acquireLock(file: string, signal: AbortSignal) {
  for (;;) {
    const handle = await open(file, 'a', 0o600)
    let isCurrent = false
    try {
      await waitForFlock(handle, signal)
      isCurrent = await isSameFile(handle, file)
    } finally {
      if (!isCurrent) await handle.close()
    }
    if (isCurrent) return handle
  }
}

/** The lock belongs to the open file description, which flock(1) shares with this process (flock(2)). */
async function waitForFlock(handle: FileHandle, signal: AbortSignal) {
  signal.throwIfAborted()
  const { code, stderr } = await spawnGroup({
    file: 'flock',
    args: ['--exclusive', '3'],
    stdio: ['ignore', 'ignore', 'pipe', handle.fd],
    env: programEnv(),
    signal,
  }).exited
  if (code !== 0) throw new Error(`flock exited with ${code}: ${stderr.trim()}`)
}

/** The previous holder removes the file on release, so another caller may have created and locked a new one. */
async function isSameFile(handle: FileHandle, file: string) {
  const [locked, current] = await Promise.all([handle.stat(), stat(file).catch(() => null)])
  return locked.ino === current?.ino
}
