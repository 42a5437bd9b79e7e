import { createHash } from 'node:crypto'
import { appendFile, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { FileStat, Storage } from '@/lib/storage/storage'

const verifiedSchema = z.object({ key: z.string(), source: z.string(), target: z.string() })

/** A file that was compared, with its entity tags at that time. */
export type Verified = z.infer<typeof verifiedSchema>

export interface Journal {
  find(key: string): Verified | undefined
  add(verified: Verified): Promise<void>
}

/** Reads the journal of copies between two storages, one line for each verified file; the last line may be cut off. */
export async function openJournal(dir: string, storages: readonly [Storage, Storage]): Promise<Journal> {
  const id = createHash('sha256').update(storages.map(({ target }) => target).join('\n'))
  const file = path.join(dir, `storage-copy-${id.digest('hex').slice(0, 12)}.jsonl`)
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  const entries = lines.flatMap((line) => {
    const parsed = verifiedSchema.safeParse(parseJson(line))
    return parsed.success ? [[parsed.data.key, parsed.data] as const] : []
  })
  const verified = new Map(entries)
  return {
    find: (key) => verified.get(key),
    async add(entry) {
      verified.set(entry.key, entry)
      await appendFile(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 })
    },
  }
}

/** Whether neither file has changed since it was compared. */
export const isVerified = (
  entry: Verified | undefined,
  { source, target }: { source: FileStat; target: FileStat | null },
) =>
  entry !== undefined &&
  entry.source === source.etag &&
  entry.target === target?.etag &&
  source.sizeBytes === target.sizeBytes

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
