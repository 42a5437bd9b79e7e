import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { startS3Service } from '@/tests/support/s3-service'

const BUCKET = 'development'
const REGION = 'us-east-1'

/**
 * Starts a real S3 service for `npm run dev -- --s3` and makes the processes started from here use it. Its objects end with
 * this process. Does nothing, with a line, where it cannot be installed.
 */
export async function useDevelopmentS3() {
  const service = await startS3Service()
  if (!service) return
  const { endpoint, accessKeyId, secretAccessKey } = service
  const credentials = { accessKeyId, secretAccessKey }
  const client = new S3Client({ endpoint, region: REGION, forcePathStyle: true, credentials })
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  client.destroy()
  Object.assign(process.env, {
    STORAGE: 's3',
    S3_ENDPOINT: endpoint,
    S3_BUCKET: BUCKET,
    S3_REGION: REGION,
    S3_PATH_STYLE: 'on',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  })
}
