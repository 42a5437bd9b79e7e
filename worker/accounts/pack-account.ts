import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { findCues } from '@/lib/captions/queries'
import { toWebVtt } from '@/lib/captions/serialize'
import type { Db } from '@/lib/database/db'
import type { Storage } from '@/lib/storage/storage'
import { sanitizeFilename } from '@/lib/text/sanitize'
import { listExportDocuments } from './export-documents'

interface Options {
  db: Db
  storage: Storage
  ownerId: string
}

/**
 * A ZIP archive of what a user has: uploaded videos unchanged, captions as WebVTT, and all else as JSON. Entries are
 * read one after the other while the archive is read.
 */
export function packAccount(options: Options): Readable {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  zip.on('error', (error: Error) => output.destroy(error))
  addEntries(zip, options).then(
    () => zip.end(),
    (error: Error) => output.destroy(error),
  )
  return output
}

async function addEntries(zip: ZipFile, { db, storage, ownerId }: Options) {
  const add = (name: string, open: () => Promise<Readable>, options: { compress: boolean }) =>
    zip.addReadStreamLazy(name, options, (done) => {
      open().then(
        (stream) => done(null, stream),
        (error: Error) => done(error, undefined as never),
      )
    })
  for (const [name, rows] of listExportDocuments(db, ownerId))
    add(name, async () => Readable.from(toJsonArray(rows)), { compress: true })
  const videos = await db.video.findMany({
    // Not those whose file is still received.
    where: { ownerId, sha256: { not: null } },
    orderBy: { id: 'asc' },
    select: { id: true, filename: true, sourceKey: true, captions: { select: { id: true, language: true } } },
  })
  for (const { id, filename, sourceKey, captions } of videos) {
    add(`videos/${id}/${toEntryName(filename)}`, () => storage.read(sourceKey), { compress: false })
    for (const caption of captions)
      add(
        `videos/${id}/captions/${caption.id}.${caption.language}.vtt`,
        async () => Readable.from([toWebVtt(await findCues(db, caption.id))]),
        { compress: true },
      )
  }
}

const toEntryName = (filename: string) => sanitizeFilename(filename).replace(/^\.+/, '') || 'video'

async function* toJsonArray(rows: AsyncIterable<object>) {
  let separator = '[\n'
  for await (const row of rows) {
    yield separator + JSON.stringify(row, replaceBigInt, 2)
    separator = ',\n'
  }
  yield separator === ',\n' ? '\n]\n' : '[]\n'
}

const replaceBigInt = (_key: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)
