import type { Config } from '../config/config'

/** The origin of the URLs that browsers are redirected to; null if all files come through the web process. */
export function readDeliveryOrigin(settings: Config) {
  const { STORAGE, S3_DELIVERY, S3_ENDPOINT, S3_PUBLIC_ENDPOINT, S3_REGION, S3_BUCKET, S3_PATH_STYLE } =
    settings
  if (STORAGE !== 's3' || S3_DELIVERY !== 'redirect') return null
  const endpoint = new URL(S3_PUBLIC_ENDPOINT ?? S3_ENDPOINT ?? `https://s3.${S3_REGION}.amazonaws.com`)
  return S3_PATH_STYLE === 'on' ? endpoint.origin : `${endpoint.protocol}//${S3_BUCKET}.${endpoint.host}`
}
