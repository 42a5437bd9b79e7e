import { type Pack, pack as createPack } from 'tar-stream'
import type { Db } from '@/lib/database/db'
import type { ArchiveFile } from '@/lib/archives/contents'
import { type Manifest, MANIFEST_NAME } from '@/lib/archives/manifest'
import { findCues } from '@/lib/captions/queries'
import { toWebVtt } from '@/lib/captions/serialize'
import type { Storage } from '@/lib/storage/storage'

interface Options {
  db: Db
  storage: Storage
  manifest: Manifest
  files: readonly ArchiveFile[]
  signal: AbortSignal
}

/** A tar archive (POSIX pax) of the files, each of which is read when its turn comes. */
export async function* packFiles(options: Options): AsyncGenerator<Buffer> {
  const pack = createPack()
  // Its reader gets the error all the same, unless it has ended.
  pack.on('error', () => undefined)
  const adding = addFiles(pack, options).then(
    () => pack.finalize(),
    (error: Error) => pack.destroy(error),
  )
  try {
    yield* pack as unknown as AsyncIterable<Buffer>
  } finally {
    // Ends a file that is being added.
    pack.destroy()
    await adding
  }
}

async function addFiles(pack: Pack, { db, storage, manifest, files, signal }: Options) {
  await addBytes(pack, MANIFEST_NAME, Buffer.from(JSON.stringify(manifest, null, 2)))
  for (const file of files) {
    if (file.sizeBytes === null) {
      await addBytes(pack, file.path, Buffer.from(toWebVtt(await findCues(db, file.captionId))))
      continue
    }
    const { path: name, key, sizeBytes } = file
    await addEntry(pack, { name, size: sizeBytes }, await storage.read(key, { signal }))
  }
}

const addBytes = (pack: Pack, name: string, bytes: Buffer) =>
  addEntry(pack, { name, size: bytes.length }, [bytes])

/** @throws {Error} if the data has another size */
async function addEntry(
  pack: Pack,
  header: { name: string; size: number },
  data: AsyncIterable<Buffer> | Buffer[],
) {
  const added = Promise.withResolvers<void>()
  // May reject while the data is read.
  added.promise.catch(() => undefined)
  const entry = pack.entry(header, (error) => (error ? added.reject(error) : added.resolve()))
  // Without a listener it would be an uncaught exception; the callback reports it.
  entry.on('error', () => undefined)
  for await (const chunk of data) {
    if (entry.destroyed) break
    if (!entry.write(chunk)) await drained(entry)
  }
  entry.end(undefined)
  await added.promise
}

/** Resolves when the entry takes more data, or no more. Leaves no listener: an entry drains many thousand times. */
const drained = (entry: ReturnType<Pack['entry']>) =>
  new Promise<void>((resolve) => {
    const settle = () => {
      entry.off('drain', settle)
      entry.off('close', settle)
      resolve()
    }
    entry.on('drain', settle)
    entry.on('close', settle)
  })
