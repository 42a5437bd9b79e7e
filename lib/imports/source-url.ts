import path from 'node:path'
import * as messages from '@/lib/generated/messages/import-errors'
import { config } from '../config/config'
import { PermanentError } from '../errors'
import { type OutboundPolicy, parseOutboundUrl } from '../http/outbound-url'

/** Where files may be fetched from: public addresses, and networks in IMPORT_ALLOW_PRIVATE. */
export const importPolicy = (own?: readonly string[]): OutboundPolicy => ({
  allowed: config().IMPORT_ALLOW_PRIVATE,
  own,
  refuse: (reason) =>
    new PermanentError({
      code: 'import.address_refused',
      message: messages.addressRefused({ reason }),
    }),
})

interface S3Object {
  bucket: string
  key: string
}

/** Directory buckets and their access points, for which the SDK would request a session by a connection of its own. */
const S3_EXPRESS_NAME = /--xa?-s3$/

/** The bucket and key of an `s3` URL; null for any other URL. @throws {PermanentError} import.address_refused */
export function parseS3Url(text: string): S3Object | null {
  if (!/^s3:/i.test(text)) return null
  const [, bucket, key] = /^s3:\/\/([a-z\d][a-z\d.-]{1,61}[a-z\d])\/(.+)$/.exec(text) ?? []
  if (!bucket || !key) throw importPolicy().refuse(messages.s3Format())
  if (S3_EXPRESS_NAME.test(bucket)) throw importPolicy().refuse(messages.s3DirectoryBucket())
  return { bucket, key }
}

/**
 * Validates a link, without resolving host names.
 * @throws {PermanentError} import.address_refused or import.credentials_required
 */
export function checkSourceUrl({ url, s3 }: { url: string; s3?: { endpoint?: string } }) {
  if (!parseS3Url(url)) return void parseOutboundUrl(url, importPolicy())
  if (!s3)
    throw new PermanentError({
      code: 'import.credentials_required',
      message: messages.s3Credentials(),
    })
  if (s3.endpoint) parseOutboundUrl(s3.endpoint, importPolicy())
}

/** The file name that a link suggests; empty if it ends with a slash. */
export function filenameOfUrl(url: string) {
  const name = path.posix.basename(parseS3Url(url)?.key ?? new URL(url).pathname)
  try {
    return decodeURIComponent(name)
  } catch {
    // Not encoded as UTF-8.
    return name
  }
}
