import path from 'node:path'
import { Readable } from 'node:stream'
import parseRange from 'range-parser'
import { notFound } from '@/lib/errors'
import { storage } from '@/lib/storage/this-storage'

const TYPES: Record<string, string> = {
  '.mp4': 'video/mp4',
  '.m4s': 'video/iso.segment',
  '.jpg': 'image/jpeg',
  '.vtt': 'text/vtt; charset=utf-8',
}

/** A stored file, whole or the byte range that is asked for (RFC 9110). @throws {AppError} file.not_found */
export async function serveFile(options: { request: Request; key: string; downloadAs?: string }) {
  const { request, key, downloadAs } = options
  const size = await storage().size(key)
  if (size === null) throw notFound('file')
  const headers = new Headers({
    'content-type':
      (downloadAs && !key.endsWith('.mp4') ? undefined : TYPES[path.extname(key)]) ??
      'application/octet-stream',
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=3600',
    // What people upload is data; no browser may run it.
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  })
  if (downloadAs)
    headers.set('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(downloadAs)}`)
  const ranges = parseRange(size, request.headers.get('range') ?? '')
  if (ranges === -1 && request.headers.has('range'))
    return new Response(null, { status: 416, headers: { 'content-range': `bytes */${size}` } })
  const range =
    Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined
  if (range) headers.set('content-range', `bytes ${range.start}-${range.end}/${size}`)
  headers.set('content-length', String(range ? range.end - range.start + 1 : size))
  const body = Readable.toWeb(await storage().read(key, range)) as ReadableStream
  return new Response(body, { status: range ? 206 : 200, headers })
}
