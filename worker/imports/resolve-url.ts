import { decryptSecret } from '@/lib/accounts/encrypt-secret'
import { PermanentError } from '@/lib/errors'
import type { S3Credentials } from '@/lib/imports/schema'
import { parseS3Url } from '@/lib/imports/source-url'
import * as messages from '@/lib/generated/messages/import-errors'
import type { Import } from './load-import'

/** Each connection signs a URL of its own. */
const SIGNED_SECONDS = 60 * 60

/**
 * The URL at which the file of an import is requested: of an `s3` URL, one that is signed with its credentials.
 * @throws {PermanentError} import.credentials_removed
 */
export async function resolveUrl({ url, credentials }: Pick<Import, 'url' | 'credentials'>) {
  const object = parseS3Url(url!)
  if (!object) return url!
  if (!credentials)
    throw new PermanentError({
      code: 'import.credentials_removed',
      message: messages.credentialsRemoved(),
      advice: messages.credentialsRemovedAdvice(),
    })
  // Loading the SDK takes a quarter of a second and 35 MB.
  const [{ GetObjectCommand }, { getSignedUrl }, { createS3Client }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/s3-request-presigner'),
    import('@/lib/storage/s3/s3-client'),
  ])
  const { region, endpoint, ...keys } = JSON.parse(await decryptSecret(credentials)) as S3Credentials
  const { bucket, key } = object
  const isPathStyle = endpoint !== undefined
  const client = createS3Client({
    bucket,
    region,
    endpoint,
    isPathStyle,
    prefix: '',
    patienceMs: 0,
    credentials: keys,
  })
  try {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key })
    return await getSignedUrl(client, command, { expiresIn: SIGNED_SECONDS })
  } finally {
    client.destroy()
  }
}
