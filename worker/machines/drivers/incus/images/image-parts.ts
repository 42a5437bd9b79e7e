import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { pack as createPack } from 'tar-stream'
import type { ImageFile } from './image-files'

const CHUNK_BYTES = 1024 ** 2

/** What an image consists of for the cluster; several parts are the fields of a form. */
export interface ImagePart {
  field: 'metadata' | 'rootfs' | 'rootfs.img'
  sizeBytes: number
  read(): AsyncIterable<Buffer>
}

/** The parts of an image. A disk without metadata gets some: `architecture` is the one of the cluster. */
export async function openImageParts(file: ImageFile, architecture: string): Promise<ImagePart[]> {
  const { format, path, metadataPath } = file
  if (format === 'archive') return [await fromFile('rootfs', path)]
  const metadata = metadataPath
    ? await fromFile('metadata', metadataPath)
    : fromBytes(await createMetadata(file, architecture))
  return [metadata, await fromFile(format === 'qcow2' ? 'rootfs.img' : 'rootfs', path)]
}

/** As the cluster computes it: the SHA-256 of all parts, one after the other. */
export async function hashParts(parts: ImagePart[], onBytes: (bytes: number) => void, signal: AbortSignal) {
  const hash = createHash('sha256')
  for (const part of parts)
    for await (const chunk of part.read()) {
      signal.throwIfAborted()
      hash.update(chunk)
      onBytes(chunk.length)
    }
  return hash.digest('hex')
}

async function fromFile(field: ImagePart['field'], path: string): Promise<ImagePart> {
  const { size } = await stat(path)
  // Not more than announced: the file may grow.
  const read = () => createReadStream(path, { highWaterMark: CHUNK_BYTES, end: size - 1 })
  return { field, sizeBytes: size, read }
}

const fromBytes = (bytes: Buffer): ImagePart => ({
  field: 'metadata',
  sizeBytes: bytes.length,
  async *read() {
    yield bytes
  },
})

/** The same for the same file, and so is the fingerprint of the image. */
async function createMetadata({ name, modifiedAt }: ImageFile, architecture: string) {
  const metadata = {
    architecture,
    creation_date: Math.floor(modifiedAt.getTime() / 1000),
    // Shown with a full stop, and translated by `translateHostText`.
    properties: { description: `An image from the file ${name}` },
  }
  const archive = createPack()
  // JSON is YAML.
  archive.entry({ name: 'metadata.yaml', mtime: new Date(0) }, JSON.stringify(metadata))
  archive.finalize()
  return buffer(archive)
}
