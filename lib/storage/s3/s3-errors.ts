import { errorCode, errorMessage } from '../../errors'
import { StorageUnavailable } from '../errors'

interface ServiceError {
  name?: string
  $metadata?: { httpStatusCode?: number; attempts?: number }
}

const CREDENTIAL_ERRORS = [
  'AccessDenied',
  'Forbidden',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
  'RequestTimeTooSkewed',
  'CredentialsProviderError',
  'TokenProviderError',
]
/** Errors of a connection that failed or broke. */
const CONNECTION_ERRORS = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
]

const statusOf = (error: unknown) => (error as ServiceError | null)?.$metadata?.httpStatusCode
const nameOf = (error: unknown) => (error as ServiceError | null)?.name ?? ''

/** Whether the service reports that there is no such object, which it may do for all objects of a missing bucket. */
export const isMissing = (error: unknown) => ['NoSuchKey', 'NotFound'].includes(nameOf(error))

/** Whether the multipart upload of a request was completed or aborted. Ceph reports that the key is missing. */
export const isMissingUpload = (error: unknown) => ['NoSuchUpload', 'NoSuchKey'].includes(nameOf(error))

/** Whether the object is no longer the one that `If-Match` names. */
export const isChanged = (error: unknown) => statusOf(error) === 412

export const isMissingBucket = (error: unknown) => nameOf(error) === 'NoSuchBucket'

/** Whether a connection broke or the service was busy, so that the request may succeed when repeated. */
export const isTransient = (error: unknown) =>
  CONNECTION_ERRORS.includes(errorCode(error) ?? '') ||
  ['TimeoutError', 'SlowDown', 'RequestTimeout'].includes(nameOf(error)) ||
  (statusOf(error) ?? 0) >= 500 ||
  statusOf(error) === 429 ||
  // A body that ended before its length.
  errorMessage(error) === 'aborted'

/** Maps errors of the SDK that concern the service, not the request or the file, to StorageUnavailable. */
export function toStorageError(error: unknown, target: string): unknown {
  if (isMissingBucket(error)) return bucketMissing(target, error)
  // A response without a body has only a status.
  const problem =
    nameOf(error) === 'Unknown' ? `HTTP ${statusOf(error)}` : `${nameOf(error)}: ${errorMessage(error)}`
  const described = `${target}: ${problem}`
  if (CREDENTIAL_ERRORS.includes(nameOf(error)) || statusOf(error) === 403 || statusOf(error) === 401)
    return new StorageUnavailable('storage.credentials', described, error)
  if (isTransient(error)) return new StorageUnavailable('storage.unavailable', described, error)
  return error
}

export const bucketMissing = (target: string, cause?: unknown) =>
  new StorageUnavailable('storage.bucket_missing', `${target}: the bucket does not exist`, cause)
