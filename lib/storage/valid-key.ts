import { notFound } from '../errors'

/** S3 allows 1024 bytes, of which the prefix takes some. */
const MAX_KEY_BYTES = 900

/**
 * Returns `key` if it names one place inside the storage of every driver: no empty, `.` or `..` part, no control
 * characters or backslashes, and not longer than a driver stores.
 * @throws {AppError} file.not_found
 */
export function requireValidKey(key: string) {
  const isValid =
    Buffer.byteLength(key) <= MAX_KEY_BYTES &&
    // oxlint-disable-next-line no-control-regex -- control characters are what is refused
    !/[\u0000-\u001f\u007f\\]/.test(key) &&
    key.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  if (!isValid) throw notFound('file')
  return key
}
