import path from 'node:path'
import { AppError } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/download-errors'

type DownloadErrorCode =
  /** No response, or a server error. */
  | 'unreachable'
  /** A client error; `details.status` is the HTTP status. */
  | 'refused'
  /** The connection broke. A later attempt can resume. */
  | 'cut_off'
  | 'too_large'
  | 'wrong_content'
  | 'no_room'

interface Options {
  url: string
  reason: string
  status?: number
  cause?: unknown
}

export const createDownloadError = (code: DownloadErrorCode, { url, reason, status, cause }: Options) =>
  new AppError({
    code: `download.${code}`,
    message: messages.failed({ file: path.basename(new URL(url).pathname), host: new URL(url).host, reason }),
    status: code === 'no_room' ? 507 : 502,
    details: status ? { status } : undefined,
    cause,
  })

/** The reason of a failed fetch: its own error only says "fetch failed". */
export function networkErrorReason(error: unknown) {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string }
  return cause?.code ?? cause?.message ?? message ?? String(error)
}
