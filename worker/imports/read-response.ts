import type { IncomingMessage } from 'node:http'
import type { VideoImport } from '@/lib/generated/prisma/client'

/** A response with a file, or its end. */
export interface RemoteFile {
  host: string
  /** Where the body begins. Null if the server refuses the requested range or sends another one. */
  offset: number | null
  /** Of the whole file; null if the server does not state it. */
  totalBytes: number | null
  /** What a later request can name this version by in `If-Range`; null if the file has no such name. */
  validator: string | null
  /** By Content-Disposition. */
  filename: string | null
  body: IncomingMessage
}

export function readResponse(response: IncomingMessage, { host }: { host: string }): RemoteFile {
  const { headers, statusCode } = response
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '') ?? []
  const isPart = statusCode === 206 && start !== undefined
  const contentLength = headers['content-length']
  return {
    host,
    offset: statusCode === 200 ? 0 : isPart ? Number(start) : null,
    totalBytes: isPart ? Number(total) : contentLength === undefined ? null : Number(contentLength),
    validator: findValidator(response),
    filename: parseFilename(headers['content-disposition'] ?? ''),
    body: response,
  }
}

/** Whether a response continues what is stored of the version that was begun, as far as the server states it. */
export function isSameVersion(
  source: Pick<VideoImport, 'totalBytes' | 'validator'>,
  { offset, totalBytes, validator }: RemoteFile,
  storedBytes: number,
) {
  const isTag = (text: string) => text.startsWith('"')
  const isComparable = validator !== null && isTag(validator) === isTag(source.validator!)
  return (
    offset === storedBytes &&
    totalBytes === Number(source.totalBytes) &&
    (!isComparable || validator === source.validator)
  )
}

/**
 * A strong entity tag, or the time of the last change if that is a strong validator too: it is at least a second before
 * the response (RFC 9110, 8.8.2.2 and 13.1.5).
 */
function findValidator({ headers }: IncomingMessage) {
  const { etag, date, 'last-modified': modified } = headers
  if (headers['accept-ranges'] === 'none') return null
  if (etag) return /^"[^"]*"$/.test(etag) ? etag : null
  if (!modified || !date) return null
  return Date.parse(date) - Date.parse(modified) >= 1_000 ? modified : null
}

/** The file name of a Content-Disposition header (RFC 6266); null if it has none. */
export function parseFilename(disposition: string) {
  const [, encoded] = /;\s*filename\*\s*=\s*UTF-8'[^']*'([^;\s]+)/i.exec(disposition) ?? []
  if (encoded) {
    try {
      return decodeURIComponent(encoded)
    } catch {
      // The other form follows.
    }
  }
  const [, quoted, token] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition) ?? []
  return quoted?.replaceAll(/\\(.)/g, '$1') ?? token ?? null
}
