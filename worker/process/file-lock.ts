import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type FileHandle, open, rm, stat } from 'node:fs/promises'

interface Options {
  /** Made for the lock and removed with it; its folder has to be there. */
  file: string
  /** Ends the waiting, with its reason. What runs already looks after itself. */
  signal: AbortSignal
}

/**
 * Runs `work` while no other process of this computer, and nobody else in this one, holds the same lock.
 * The kernel frees it when its process is gone, however it went.
 */
export async function withFileLock<T>({ file, signal }: Options, work: () => Promise<T>): Promise<T> {
  const held = await acquireLock(file, signal)
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
    await held.close()
  }
}

async function acquireLock(file: string, signal: AbortSignal) {
  for (;;) {
    const held = await open(file, 'a', 0o600)
    let isOurs = false
    try {
      await waitForFlock(held, signal)
      isOurs = await isSameFile(held, file)
    } finally {
      if (!isOurs) await held.close()
    }
    if (isOurs) return held
  }
}

/** The lock belongs to the open file, which the short-lived program shares with us (flock(2)). */
async function waitForFlock(held: FileHandle, signal: AbortSignal) {
  signal.throwIfAborted()
  const child = spawn('flock', ['--exclusive', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', held.fd],
    signal,
  })
  const [code] = (await once(child, 'exit').catch((error: unknown) => {
    throw signal.aborted ? signal.reason : error
  })) as [number | null]
  signal.throwIfAborted()
  if (code !== 0) throw new Error(`flock ended with ${code}`)
}

/** Whoever had it before us has removed it, and a third may have made and locked another of its name. */
async function isSameFile(held: FileHandle, file: string) {
  const [ours, named] = await Promise.all([held.stat(), stat(file).catch(() => null)])
  return ours.ino === named?.ino
}
