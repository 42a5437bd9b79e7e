import path from 'node:path'
import { AppError } from '@/lib/errors'

type DownloadErrorCode =
  /** Nobody answers, or a server that cannot serve just now. */
  | 'unreachable'
  /** The server will not give it. `details.status` is what it answers. */
  | 'refused'
  /** What came is kept, and gone on from. */
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

export const createDownloadError = (code: DownloadErrorCode, { url, reason: why, status, cause }: Options) =>
  new AppError({
    code: `download.${code}`,
    message: `${path.basename(new URL(url).pathname)} could not be downloaded from ${new URL(url).host}: ${why}.`,
    status: code === 'no_room' ? 507 : 502,
    details: status ? { status } : undefined,
    cause,
  })

/** fetch says "fetch failed", and its cause why. */
export function networkErrorReason(error: unknown) {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string }
  return cause?.code ?? cause?.message ?? message ?? String(error)
}
