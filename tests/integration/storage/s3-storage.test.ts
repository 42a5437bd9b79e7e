import { describe } from 'vitest'
import { awaitS3Service } from '@/tests/support/await-s3-service'
import { describeStorage } from '@/tests/support/contracts/storage-contract'
import { createBucket, openTestStorage } from '@/tests/support/s3-fixture'

const service = await awaitS3Service()

describe.runIf(service)('the service of this run', () => {
  describeStorage('s3', async () => openTestStorage(await createBucket(service!)))
  describeStorage(
    's3 below a prefix',
    async () => openTestStorage({ ...(await createBucket(service!)), prefix: 'media/ours' }),
    { tags: 'full' },
  )
})
