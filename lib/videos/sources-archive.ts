import type { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { Storage } from '../storage/storage'
import type { SourceFile } from './list-sources'

/** A ZIP archive of stored files, uncompressed, which are read one after the other while the archive is read; and its size. */
export async function openSourcesArchive(storage: Storage, files: readonly SourceFile[]) {
  const zip = new ZipFile()
  const archive = zip.outputStream as Readable
  let open: Readable | undefined
  zip.on('error', (error: Error) => archive.destroy(error))
  // A client that disconnects would leave a file open.
  archive.once('close', () => open?.destroy())
  for (const { name, key, sizeBytes, uploadedAt } of files)
    zip.addReadStreamLazy(name, { compress: false, size: sizeBytes, mtime: uploadedAt }, (done) => {
      storage.read(key).then(
        (stream) => {
          if (archive.destroyed) return stream.destroy()
          open = stream
          done(null, stream)
        },
        (error: Error) => done(error, undefined as never),
      )
    })
  const sizeBytes = await new Promise<number>((resolve) => {
    // The types lack its argument.
    const resolveSize = resolve as unknown as () => void
    zip.end({ forceZip64Format: false, comment: '' }, resolveSize)
  })
  return { sizeBytes, archive }
}
