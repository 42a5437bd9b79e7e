import { type CancellationContext, Server } from '@tus/server'

/** A tus server whose errors are problem+json (RFC 9457) instead of plain text. */
export class ProblemDetailsServer extends Server {
  override write(context: CancellationContext, headers: Headers, status: number, body = '') {
    if (status < 400) return super.write(context, headers, status, body)
    headers.set('content-type', 'application/problem+json')
    // Already a problem, from `onResponseError`.
    if (body.startsWith('{')) return super.write(context, headers, status, body)
    const problem = {
      type: 'about:blank',
      code: ERROR_CODES[status] ?? 'upload.refused',
      title: body.trim(),
      status,
    }
    return super.write(context, headers, status, JSON.stringify(problem))
  }
}

const ERROR_CODES: Record<number, string> = {
  403: 'upload.forbidden',
  404: 'upload.not_found',
  409: 'upload.offset_conflict',
  410: 'upload.gone',
  412: 'upload.version_required',
  413: 'upload.too_large',
  415: 'upload.content_type',
  423: 'upload.locked',
  460: 'upload.checksum_mismatch',
}
