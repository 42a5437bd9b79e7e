import { AppError, errorCode, PermanentError } from '@/lib/errors'
import { NOT_MEDIA, notMediaError } from '@/lib/videos/file-types'
import { connectionErrorMessage } from '../http/connection-error-message'

/** An error after which the same request may succeed. */
export const transientError = (message: string, cause?: unknown) =>
  new AppError({ code: 'import.interrupted', message, status: 502, cause })

export const isTransientError = (error: unknown) => errorCode(error) === 'import.interrupted'

const UPLOAD_LIMITS: Record<string, string> = {
  'upload.too_large': 'An administrator can raise the limit.',
  'upload.quota_exceeded': 'Delete videos to free some, and retry.',
  'storage.quota_exceeded': 'Retry once there is room.',
  'upload.disk_full': 'Retry once the server has more room.',
}

/** Converts an error while a file is received: what another attempt cannot change becomes permanent. */
export function toImportError(error: unknown) {
  const code = errorCode(error) ?? ''
  if (!(error instanceof AppError) || error instanceof PermanentError) return error
  const { message } = error
  if (code === NOT_MEDIA) return new PermanentError({ ...notMediaError(undefined), message })
  const advice = UPLOAD_LIMITS[code]
  return advice ? new PermanentError({ code, message, advice }) : error
}

/** Whether a failed connection cannot work either when it is repeated: the name or the certificate is wrong. */
const isFinal = (error: unknown) => /^ENOTFOUND$|CERT|SELF_SIGNED/.test(errorCode(error) ?? '')

/** Converts an error of a connection. */
export function toConnectionError(error: unknown, host: string) {
  if (error instanceof AppError) return error
  const message = `${host}: ${connectionErrorMessage(error)}`
  if (!isFinal(error)) return transientError(message, error)
  return new PermanentError({ code: 'import.unreachable', message, advice: 'Check the link.', cause: error })
}

const REFUSALS: Record<number, { code: string; message: string; advice: string }> = {
  401: {
    code: 'import.sign_in_required',
    message: 'The link needs a sign-in (status 401).',
    advice: 'Use a link that works without signing in, or upload the file.',
  },
  403: {
    code: 'import.forbidden',
    message: 'The server refuses access to the file (status 403).',
    advice: 'The link may have expired. Copy it again, or upload the file.',
  },
  404: {
    code: 'import.not_found',
    message: 'There is no file at this link (status 404).',
    advice: 'Check the link in a browser.',
  },
  410: {
    code: 'import.not_found',
    message: 'The file was removed from this link (status 410).',
    advice: 'Check the link in a browser.',
  },
}

/** Client errors that pass: a timeout, a lock, a conflict, too many requests. */
const TRANSIENT_STATUSES = [408, 409, 423, 425, 429]

/** The error for a response that is neither a file nor a redirect. */
export function statusError(status: number, host: string) {
  if (status >= 500 || TRANSIENT_STATUSES.includes(status))
    return transientError(`${host} responded with status ${status}.`)
  const refusal = REFUSALS[status] ?? {
    code: 'import.refused',
    message: `${host} responded with status ${status}.`,
    advice: 'Check the link in a browser.',
  }
  return new PermanentError(refusal)
}

/** The error for a page, such as one to sign in, in place of a file. */
export const webPageError = (host: string) =>
  new PermanentError({
    code: 'import.web_page',
    message: `The link leads to a web page at ${host}, perhaps to sign in, not to a file.`,
    advice: 'Use the link of the file itself, one that downloads it without signing in.',
  })

export const encodedError = (encoding: string) =>
  new PermanentError({
    code: 'import.encoded',
    message: `The server sends the file compressed (${encoding.slice(0, 50)}), although that was not requested.`,
    advice: 'Download the file and upload it.',
  })

/** The error for a body that does not end where its headers say. */
export const overlongError = (host: string) =>
  new PermanentError({
    code: 'import.overlong',
    message: `${host} sends more than the size it states.`,
    advice: 'Download the file and upload it.',
  })

export const emptyFileError = () =>
  new PermanentError({ code: 'upload.empty', message: 'The file at this link is empty.' })
