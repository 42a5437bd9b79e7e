import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { emulateNetwork, expect, openPage, signIn, test, type TestUser } from './fixtures'

/** Where players stopped: holes in a track, changes of the sound, a picture that stands still. */
const SOURCES: { name: MediaName; fromSeconds: number }[] = [
  { name: 'sound-short.mp4', fromSeconds: 0 },
  // Past the end of the sound.
  { name: 'sound-short.mp4', fromSeconds: 30 },
  { name: 'mono-then-stereo.ts', fromSeconds: 0 },
  { name: 'still-later.mp4', fromSeconds: 28 },
  { name: 'keys-only-early.mp4', fromSeconds: 28 },
  { name: 'cut-in-gop.ts', fromSeconds: 0 },
]

test('videos that stopped other players play through at 2 Mbit/s @full', async ({ context, user }) => {
  test.setTimeout(240_000)
  await signIn(await context.newPage(), user)
  const videos = new Map<MediaName, VideoDto>()
  for (const { name } of SOURCES) if (!videos.has(name)) videos.set(name, await transcode(user, name))
  await Promise.all(
    SOURCES.map(async ({ name, fromSeconds }) => {
      const page = await context.newPage()
      await emulateNetwork(page, { downloadBytesPerSecond: 250_000 })
      await openPage(page, `/videos/${videos.get(name)!.id}?t=${fromSeconds}`)
      const played = await playToTheEnd(page)
      expect(played, name).toEqual({
        error: null,
        // One range: nothing was skipped.
        ranges: [[expect.closeTo(fromSeconds, 0), expect.closeTo(videos.get(name)!.durationSeconds!, 0)]],
      })
    }),
  )
})

async function transcode(user: TestUser, name: MediaName) {
  const body = new Uint8Array(await readFile(await generateMedia(name)))
  const created = await user.fetchJson<{ video: VideoDto; task: TaskDto }>(
    `/api/v1/videos?filename=${name}`,
    { method: 'POST', body },
  )
  const read = () => user.fetchJson<VideoDto>(`/api/v1/videos/${created.video.id}`)
  await expect.poll(async () => (await read()).state, { timeout: 90_000 }).toBe('done')
  return read()
}

/** Plays and returns the ranges that were played. */
async function playToTheEnd(page: Page) {
  const media = page.locator('hls-video video')
  await media.evaluate(async (video: HTMLVideoElement) => {
    video.muted = true
    await video.play()
  })
  const hasEnded = () => media.evaluate((video: HTMLVideoElement) => video.ended || video.error !== null)
  await expect.poll(hasEnded, { timeout: 120_000, intervals: [1_000] }).toBe(true)
  return media.evaluate(({ error, played }: HTMLVideoElement) => ({
    error: error?.message ?? null,
    ranges: Array.from({ length: played.length }, (_, n) => [played.start(n), played.end(n)]),
  }))
}
