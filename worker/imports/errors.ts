import { AppError, errorCode, PermanentError } from '@/lib/errors'
import { NOT_MEDIA, notMediaError } from '@/lib/videos/file-types'
import * as messages from '@/lib/generated/messages/import-errors'
import { connectionErrorMessage } from '../http/connection-error-message'

/** An error after which the same request may succeed. */
export const transientError = (message: string, cause?: unknown) =>
  new AppError({ code: 'import.interrupted', message, status: 502, cause })

export const isTransientError = (error: unknown) => errorCode(error) === 'import.interrupted'

const UPLOAD_LIMITS: Record<string, () => string> = {
  'upload.too_large': messages.raiseLimit,
  'upload.quota_exceeded': messages.freeQuota,
  'storage.quota_exceeded': messages.retryWithRoom,
  'upload.disk_full': messages.retryWithDisk,
}

/** Converts an error while a file is received: what another attempt cannot change becomes permanent. */
export function toImportError(error: unknown) {
  const code = errorCode(error) ?? ''
  if (!(error instanceof AppError) || error instanceof PermanentError) return error
  const { message } = error
  if (code === NOT_MEDIA) return new PermanentError({ ...notMediaError(undefined), message })
  const advice = UPLOAD_LIMITS[code]?.()
  return advice ? new PermanentError({ code, message, advice }) : error
}

/** Whether a failed connection cannot work either when it is repeated: the name or the certificate is wrong. */
const isFinal = (error: unknown) => /^ENOTFOUND$|CERT|SELF_SIGNED/.test(errorCode(error) ?? '')

/** Converts an error of a connection. */
export function toConnectionError(error: unknown, host: string) {
  if (error instanceof AppError) return error
  const message = messages.connectionProblem({ host, problem: connectionErrorMessage(error) })
  if (!isFinal(error)) return transientError(message, error)
  return new PermanentError({
    code: 'import.unreachable',
    message,
    advice: messages.checkLink(),
    cause: error,
  })
}

const REFUSALS: Record<number, { code: string; message: () => string; advice: () => string }> = {
  401: {
    code: 'import.sign_in_required',
    message: messages.signInRequired,
    advice: messages.signInAdvice,
  },
  403: {
    code: 'import.forbidden',
    message: messages.forbidden,
    advice: messages.forbiddenAdvice,
  },
  404: {
    code: 'import.not_found',
    message: messages.notFound,
    advice: messages.checkInBrowser,
  },
  410: {
    code: 'import.not_found',
    message: messages.gone,
    advice: messages.checkInBrowser,
  },
}

/** Client errors that pass: a timeout, a lock, a conflict, too many requests. */
const TRANSIENT_STATUSES = [408, 409, 423, 425, 429]

/** The error for a response that is neither a file nor a redirect. */
export function statusError(status: number, host: string) {
  if (status >= 500 || TRANSIENT_STATUSES.includes(status)) return transientError(statusMessage(status, host))
  const { code, message, advice } = REFUSALS[status] ?? {
    code: 'import.refused',
    message: () => statusMessage(status, host),
    advice: messages.checkInBrowser,
  }
  return new PermanentError({ code, message: message(), advice: advice() })
}

const statusMessage = (status: number, host: string) => messages.status({ host, status: String(status) })

/** The error for a page, such as one to sign in, in place of a file. */
export const webPageError = (host: string) =>
  new PermanentError({
    code: 'import.web_page',
    message: messages.webPage({ host }),
    advice: messages.webPageAdvice(),
  })

export const encodedError = (encoding: string) =>
  new PermanentError({
    code: 'import.encoded',
    message: messages.encoded({ encoding: encoding.slice(0, 50) }),
    advice: messages.uploadInstead(),
  })

/** The error for a body that does not end where its headers say. */
export const overlongError = (host: string) =>
  new PermanentError({
    code: 'import.overlong',
    message: messages.overlong({ host }),
    advice: messages.uploadInstead(),
  })

export const emptyFileError = () =>
  new PermanentError({ code: 'upload.empty', message: messages.emptyFile() })
