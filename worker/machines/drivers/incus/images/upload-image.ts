import { randomUUID } from 'node:crypto'
import type { Cluster, ServerInfo } from '../cluster'
import type { OnProgress } from '../operation-events'
import { checkImageFile } from './check-image-file'
import { findImage, type ImageProperties } from './cluster-images'
import type { ImageFile } from './image-files'
import { hashParts, type ImagePart, openImageParts } from './image-parts'

interface Options {
  /** Of the new image; those of an existing one are not changed. */
  properties: ImageProperties
  signal: AbortSignal
  onProgress?: OnProgress
}

/** The share of the work that ends before the upload. */
const HASHED = 0.3

/**
 * Imports an image from a file into the project and returns its fingerprint; an image with the same contents stays as it is.
 * The cluster compares what it received with the fingerprint, so that a broken upload leaves nothing.
 * @throws {PermanentError} machine.image_broken; {AppError} as `Cluster.request`
 */
export async function uploadImage(
  cluster: Cluster,
  file: ImageFile,
  { properties, signal, onProgress }: Options,
) {
  onProgress?.(0, 'checking the file')
  await checkImageFile(file, signal)
  const { environment } = await cluster.request<ServerInfo>({ path: '/1.0', signal })
  const parts = await openImageParts(file, environment.kernel_architecture)
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0)
  let hashedBytes = 0
  const onHashed = (bytes: number) =>
    onProgress?.(((hashedBytes += bytes) / sizeBytes) * HASHED, 'checking the file')
  const fingerprint = await hashParts(parts, onHashed, signal)
  if (await findImage(cluster, fingerprint)) return fingerprint
  let sentBytes = 0
  const onSent = (bytes: number) =>
    onProgress?.(HASHED + ((sentBytes += bytes) / sizeBytes) * (1 - HASHED), 'uploading')
  const form = toRequestBody(parts, onSent)
  const headers = {
    'content-type': form.contentType,
    ...forBoth('fingerprint', fingerprint),
    ...forBoth('properties', new URLSearchParams(properties).toString()),
  }
  try {
    await cluster.runOperation({ method: 'POST', path: '/1.0/images', upload: { ...form, headers }, signal })
  } catch (error) {
    signal.throwIfAborted()
    // Another worker may have been faster.
    if (!(await findImage(cluster, fingerprint).catch(() => undefined))) throw error
  }
  return fingerprint
}

/** Incus and LXD read headers of their own names. */
const forBoth = (name: string, value: string) => ({ [`x-incus-${name}`]: value, [`x-lxd-${name}`]: value })

/** A whole archive as it is; several parts as a form. */
function toRequestBody(parts: ImagePart[], onSent: (bytes: number) => void) {
  const boundary = randomUUID()
  const [first] = parts
  const heads = parts.map(({ field }, index) =>
    Buffer.from(
      `${index > 0 ? '\r\n' : ''}--${boundary}\r\ncontent-disposition: form-data; name="${field}"; filename="${field}"\r\n` +
        'content-type: application/octet-stream\r\n\r\n',
    ),
  )
  const end = Buffer.from(`\r\n--${boundary}--\r\n`)
  const isForm = parts.length > 1
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0)
  const frameBytes = heads.reduce((sum, head) => sum + head.length, end.length)
  async function* readForm() {
    for (const [index, part] of parts.entries()) {
      yield heads[index]!
      yield* part.read()
    }
    yield end
  }
  async function* readCounted() {
    for await (const chunk of isForm ? readForm() : first!.read()) {
      yield chunk
      onSent(chunk.length)
    }
  }
  return {
    contentType: isForm ? `multipart/form-data; boundary=${boundary}` : 'application/octet-stream',
    sizeBytes: isForm ? sizeBytes + frameBytes : sizeBytes,
    body: readCounted(),
  }
}
