import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { AppError } from '@/lib/errors'
import { hashWhileReading } from '@/lib/storage/hash-while-reading'
import type { FileStat, Storage } from '@/lib/storage/storage'
import { type Journal, type Verified, isVerified } from './journal'

export interface CopyProgress {
  totalFiles: number
  totalBytes: number
  doneFiles: number
  doneBytes: number
}

export interface CopyResult {
  /** Files that were written. */
  copied: number
  /** Files that were in the target already, byte for byte. */
  verified: number
  /** Files that an earlier run verified and that have not changed since. */
  unchanged: number
  /** Keys whose bytes in the target differ from those in the source, although they were written twice. */
  differing: string[]
  /** Keys that only the target has. They are kept. */
  onlyInTarget: string[]
}

interface Options {
  from: Storage
  to: Storage
  journal: Journal
  signal: AbortSignal
  onProgress(progress: CopyProgress): void
}

const CONCURRENCY = 4

/**
 * Copies all files of a storage to another one and reads each back to compare size and SHA-256. What an interrupted run has
 * verified is not copied again. Files that are deleted meanwhile are skipped.
 */
export async function copyStorage({ from, to, journal, signal, onProgress }: Options): Promise<CopyResult> {
  const files = new Map<string, number>()
  for await (const { key, sizeBytes } of from.walk('')) files.set(key, sizeBytes)
  const totalBytes = [...files.values()].reduce((sum, sizeBytes) => sum + sizeBytes, 0)
  const progress = { totalFiles: files.size, totalBytes, doneFiles: 0, doneBytes: 0 }
  const result: CopyResult = { copied: 0, verified: 0, unchanged: 0, differing: [], onlyInTarget: [] }
  const waiting = files.entries()
  const copyNext = async () => {
    for (const [key, sizeBytes] of waiting) {
      signal.throwIfAborted()
      const outcome = await copyFile({ key, from, to, journal, signal }).catch(skipIfDeleted)
      if (outcome === 'differing') result.differing.push(key)
      else if (outcome) result[outcome]++
      progress.doneFiles++
      progress.doneBytes += sizeBytes
      onProgress(progress)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, copyNext))
  for await (const { key } of to.walk('')) if (!files.has(key)) result.onlyInTarget.push(key)
  return result
}

type Outcome = 'copied' | 'verified' | 'unchanged' | 'differing'

async function copyFile(options: Omit<Options, 'onProgress'> & { key: string }): Promise<Outcome> {
  const { key, from, to, journal, signal } = options
  const source = await requireFile(from, key)
  const target = await to.stat(key)
  if (isVerified(journal.find(key), { source, target })) return 'unchanged'
  const read = async (storage: Storage) => hashStream(await storage.read(key, { signal }))
  const record = async (outcome: Outcome): Promise<Outcome> => {
    const copied = await requireFile(to, key)
    await journal.add({ key, source: source.etag, target: copied.etag } satisfies Verified)
    return outcome
  }
  if (target?.sizeBytes === source.sizeBytes && (await read(from)) === (await read(to)))
    return record('verified')
  for (const _attempt of [1, 2]) {
    const hash = createHash('sha256')
    const bytes = await from.read(key, { signal })
    const hashed = Readable.from(hashWhileReading(bytes, hash), { objectMode: false })
    await to.put(key, hashed, { signal })
    const stored = await to.stat(key)
    if (stored?.sizeBytes === source.sizeBytes && (await read(to)) === hash.digest('hex'))
      return record('copied')
  }
  return 'differing'
}

async function requireFile(storage: Storage, key: string): Promise<FileStat> {
  const file = await storage.stat(key)
  if (!file)
    throw new AppError({ code: 'file.not_found', message: `${key} is missing in ${storage.target}.` })
  return file
}

function skipIfDeleted(error: unknown) {
  if (error instanceof AppError && error.code === 'file.not_found') return null
  throw error
}

async function hashStream(stream: Readable) {
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
