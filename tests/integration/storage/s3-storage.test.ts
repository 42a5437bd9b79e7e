import { inject } from 'vitest'
import { describeStorage } from '@/tests/support/contracts/storage-contract'
import { createBucket, openTestStorage } from '@/tests/support/s3-fixture'

const service = inject('s3')

if (service) {
  describeStorage('s3', async () => openTestStorage(await createBucket(service)))
  describeStorage(
    's3 below a prefix',
    async () => openTestStorage({ ...(await createBucket(service)), prefix: 'media/ours' }),
    { tags: 'full' },
  )
}
