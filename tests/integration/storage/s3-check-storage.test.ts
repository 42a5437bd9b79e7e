import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { checkStorage } from '@/lib/storage/check-storage'
import { createS3Storage } from '@/lib/storage/s3/s3-storage'
import { awaitS3Service } from '@/tests/support/await-s3-service'
import { useDatabase } from '@/tests/support/database'
import { startS3FaultProxy } from '@/tests/support/s3-fault-proxy'
import { createBucket } from '@/tests/support/s3-fixture'

const service = await awaitS3Service()
const database = useDatabase()

it.runIf(service)('marks a bucket once however many processes start, and each prefix apart', async () => {
  const options = await createBucket(service!)
  const check = (prefix: string) => checkStorage(database.db, createS3Storage({ ...options, prefix }))
  const checks = await Promise.all(Array.from({ length: 6 }, () => check('media')))
  const ids = new Set(checks.map(({ id }) => id))
  expect([...ids]).toEqual([expect.stringMatching(/^s3:[\w-]{36}$/)])
  expect(await check('')).toMatchObject({ problem: null, id: expect.not.stringContaining([...ids][0]!) })
  const lost = await checkStorage(database.db, createS3Storage({ ...options, bucket: 'no-such-bucket' }))
  expect(lost).toMatchObject({ id: null, problem: expect.stringContaining('bucket does not exist') })
})

it.runIf(service)('requests encryption of every object that it creates', async () => {
  const proxy = await startS3FaultProxy(service!)
  try {
    const options = await createBucket(proxy.service)
    const storage = createS3Storage({ ...options, encryption: 'aws:kms', kmsKeyId: 'our-key' })
    // Ceph without a key service refuses them.
    proxy.setFault(({ method }) => (method === 'GET' ? null : { status: 400, code: 'InvalidArgument' }))
    proxy.requests.length = 0
    await expect(storage.put('videos/a/poster.jpg', Buffer.from('x'))).rejects.toThrow('InvalidArgument')
    await expect(storage.resumable.begin('videos/a/source.mp4')).rejects.toThrow('InvalidArgument')
    expect(
      proxy.requests.map(({ method, headers }) => [
        method,
        headers['x-amz-server-side-encryption'],
        headers['x-amz-server-side-encryption-aws-kms-key-id'],
      ]),
    ).toEqual([
      ['PUT', 'aws:kms', 'our-key'],
      ['POST', 'aws:kms', 'our-key'],
    ])
  } finally {
    proxy.close()
  }
})

it.runIf(service)('stores no body that was damaged on the way, and sends it again', async () => {
  const proxy = await startS3FaultProxy(service!)
  try {
    const storage = createS3Storage(await createBucket(proxy.service))
    let left = 1
    proxy.setFault(({ method }) => (method === 'PUT' && left-- > 0 ? { corruptRequest: true } : null))
    await storage.put('videos/a/poster.jpg', Buffer.from('picture'))
    expect(await text(await storage.read('videos/a/poster.jpg'))).toBe('picture')
    left = Infinity
    await expect(storage.put('videos/a/poster.jpg', Buffer.from('other'))).rejects.toThrow()
    left = 0
    expect(await text(await storage.read('videos/a/poster.jpg'))).toBe('picture')
  } finally {
    proxy.close()
  }
})
