import { createHash } from 'node:crypto'
import { S3Client } from '@aws-sdk/client-s3'
import { createRetryStrategy } from '@/lib/aws/retry-strategy'

export interface S3Options {
  /** Unset: AWS. */
  endpoint?: string
  /** What browsers reach in place of `endpoint`, for `temporaryUrl`. */
  publicEndpoint?: string
  bucket: string
  region: string
  isPathStyle: boolean
  /** Begins every key; without slashes at its ends, or empty. */
  prefix: string
  encryption?: 'AES256' | 'aws:kms'
  kmsKeyId?: string
  /** How long a request is repeated while the service is away or overloaded, in milliseconds. */
  patienceMs: number
  /** Default: the usual chain of the SDK (environment, profile, container, instance). */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
}

const CONNECT_TIMEOUT_MS = 5_000
/** Without a byte in either direction; the request is then tried again. */
const IDLE_TIMEOUT_MS = 30_000
const MAX_SOCKETS = 200

/**
 * A client for any S3-compatible service. The SDK's own checksums are off, because many services refuse or mangle them.
 * The signature of a request covers the SHA-256 of its body, which services check. The removal of several objects also
 * needs Content-MD5.
 */
export function createS3Client({ endpoint, region, isPathStyle, patienceMs, credentials }: S3Options) {
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: isPathStyle,
    credentials,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    retryStrategy: createRetryStrategy(patienceMs),
    // Signing a URL would otherwise request a session of a directory bucket, at an address that was not checked.
    disableS3ExpressSessionAuth: true,
    followRegionRedirects: true,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: IDLE_TIMEOUT_MS,
      httpAgent: { maxSockets: MAX_SOCKETS, keepAlive: true },
      httpsAgent: { maxSockets: MAX_SOCKETS, keepAlive: true },
    },
  })
  client.middlewareStack.add(
    (next) => (args) => {
      const { body, headers } = args.request as { body?: unknown; headers: Record<string, string> }
      // Files are buffers, XML is text.
      if (typeof body === 'string') headers['content-md5'] = createHash('md5').update(body).digest('base64')
      return next(args)
    },
    { step: 'build', name: 'addContentMd5' },
  )
  return client
}
