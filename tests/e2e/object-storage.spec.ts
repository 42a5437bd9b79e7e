import { readFileSync } from 'node:fs'
import { PutBucketCorsCommand } from '@aws-sdk/client-s3'
import { createS3Client } from '@/lib/storage/s3/s3-client'
import { startApp } from '@/tests/support/app'
import { generateMedia } from '@/tests/support/generate-media'
import { createBucket, toEnv } from '@/tests/support/s3-fixture'
import { startS3Service } from '@/tests/support/s3-service'
import { expect, test as base, videoLink, startPlaying } from './fixtures'

/** Runs against an app whose files are in a bucket of a real S3 service, to which it redirects browsers. */
const test = base.extend<object, object>({
  app: [
    // Playwright requires the destructuring.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const service = await startS3Service()
      test.skip(!service, 'no S3 service')
      const options = await createBucket(service!)
      const env = { ...toEnv(options), S3_DELIVERY: 'redirect', MACHINES: 'off' }
      const app = await startApp(env)
      const rule = { AllowedOrigins: [app.url], AllowedMethods: ['GET', 'HEAD'], AllowedHeaders: ['range'] }
      await createS3Client(options).send(
        new PutBucketCorsCommand({ Bucket: options.bucket, CORSConfiguration: { CORSRules: [rule] } }),
      )
      await use(app)
      await app.stop()
      await service!.stop()
    },
    { scope: 'worker', timeout: 240_000 },
  ],
})

test('plays and seeks a video from the storage @full', async ({ home: page, user }) => {
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  const body = new Uint8Array(readFileSync(await generateMedia('web-safe-1080.mp4')))
  const posted = await user.fetch('/api/v1/videos?filename=harbour.mp4', { method: 'POST', body })
  expect(posted.status).toBe(202)
  await page.goto('/videos')
  await expect(page.getByText('Done · 1920 × 1080')).toBeVisible({ timeout: 90_000 })
  await videoLink(page, 'harbour').click()
  await expect(page.getByTestId('video-state')).toHaveText('Done')
  await startPlaying(page)
  const video = page.locator('hls-video video')
  const readTime = () => video.evaluate((media: HTMLVideoElement) => media.currentTime)
  await expect.poll(readTime).toBeGreaterThan(0.5)
  await video.evaluate((media: HTMLVideoElement) => {
    media.currentTime = 6
  })
  await expect.poll(readTime).toBeGreaterThan(6.5)
  const redirected = requests.filter((url) => url.includes('X-Amz-Signature='))
  expect(redirected.some((url) => url.includes('.m4s'))).toBe(true)
})
