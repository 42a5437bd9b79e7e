import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import parseRange from 'range-parser'
import { config } from '@/lib/config/config'
import { notFound } from '@/lib/errors'
import { configuredStorage } from '@/lib/storage/configured-storage'
import { contentTypeOf } from '@/lib/storage/content-type'
import { attachmentDisposition } from '../content-disposition'

/** Long enough to begin a download or to play what a player has requested. */
const REDIRECT_SECONDS = 10 * 60
/** Of files that are shared by a link: it has to end soon after the link is revoked. */
const SHARED_REDIRECT_SECONDS = 45

interface Options {
  request: IncomingMessage
  response: ServerResponse
  key: string
  downloadAs?: string
  /** Whether the client needs no account. Default: false. */
  isShared?: boolean
}

/**
 * Serves a stored file, one byte range of it, or 304 if the client has it (RFC 9110); with S3_DELIVERY=redirect, sends the
 * client to the storage. `downloadAs` is the file name of an attachment.
 * @throws {AppError} file.not_found; StorageUnavailable
 */
export async function serveFile(options: Options) {
  const { request, response, key, downloadAs } = options
  const storage = await configuredStorage()
  if (config().S3_DELIVERY === 'redirect' && storage.temporaryUrl && isRedirectable(key))
    return redirectToStorage(response, await storage.temporaryUrl(key, describeResponse(options)))
  const file = await storage.stat(key)
  if (!file) throw notFound('file')
  const { sizeBytes, etag } = file
  setFileHeaders(response, { key, etag, downloadAs })
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end()
  const range = parseByteRange(request, { sizeBytes, etag })
  if (range === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${sizeBytes}`)
    return void response.writeHead(416).end()
  }
  if (range) response.setHeader('content-range', `bytes ${range.start}-${range.end}/${sizeBytes}`)
  response.setHeader('content-length', range ? range.end - range.start + 1 : sizeBytes)
  response.writeHead(range ? 206 : 200)
  if (request.method === 'HEAD' || sizeBytes === 0) return void response.end()
  const bytes = await storage.read(key, { range })
  // A pipeline to a client that has disconnected would leave the file open.
  if (response.destroyed) return void bytes.destroy()
  await pipeline(bytes, response).catch((error: NodeJS.ErrnoException) => {
    // Players that seek abort the running request.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  })
}

/** Browsers load text tracks from the origin of the page only. */
const isRedirectable = (key: string) => !key.endsWith('.vtt')

/** Uploaded files are offered for download under no type that a browser opens, except MP4. */
const readContentType = (key: string, downloadAs?: string) =>
  downloadAs && !key.endsWith('.mp4') ? 'application/octet-stream' : contentTypeOf(key)

/** The headers that the storage sends in place of `setFileHeaders`. */
function describeResponse({ key, downloadAs, isShared }: Pick<Options, 'key' | 'downloadAs' | 'isShared'>) {
  const expiresInSeconds = isShared ? SHARED_REDIRECT_SECONDS : REDIRECT_SECONDS
  return {
    expiresInSeconds,
    contentType: readContentType(key, downloadAs),
    contentDisposition: downloadAs && attachmentDisposition(downloadAs),
    cacheControl: `private, max-age=${expiresInSeconds}`,
  }
}

/** Not cached: each use checks the session and gets a URL of its own. */
function redirectToStorage(response: ServerResponse, location: string) {
  response.writeHead(302, { location, 'cache-control': 'private, no-store', 'content-length': 0 }).end()
}

function setFileHeaders(
  response: ServerResponse,
  { key, etag, downloadAs }: { key: string; etag: string; downloadAs?: string },
) {
  response.setHeader('content-type', readContentType(key, downloadAs))
  response.setHeader('accept-ranges', 'bytes')
  response.setHeader('etag', etag)
  // Cached but revalidated on every use: another user may have signed in to this browser.
  response.setHeader('cache-control', 'private, no-cache')
  // Uploaded files are data: no browser may execute them.
  response.setHeader('content-security-policy', "sandbox; default-src 'none'; frame-ancestors 'none'")
  if (downloadAs) response.setHeader('content-disposition', attachmentDisposition(downloadAs))
}

/** The requested range. Undefined, for the whole file, if there are several or `If-Range` names another version. */
function parseByteRange(request: IncomingMessage, { sizeBytes, etag }: { sizeBytes: number; etag: string }) {
  const { range, 'if-range': ifRange } = request.headers
  if (!range || (ifRange && ifRange !== etag)) return undefined
  const ranges = parseRange(sizeBytes, range)
  if (ranges === -1) return 'unsatisfiable'
  return Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined
}
