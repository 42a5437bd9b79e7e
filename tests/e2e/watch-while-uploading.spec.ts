import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { VideoDto } from '@/lib/videos/schema'
import {
  chooseFiles,
  createUser,
  emulateNetwork,
  expect,
  readPercent,
  startPlaying,
  test,
  uploadProgressBar,
} from './fixtures'

const SECONDS = 90
const clip = path.join(mkdtempSync(path.join(tmpdir(), 'meanwhile-clip-')), 'long walk.mkv')

// Of a constant rate of 4 Mbit/s, and not web-safe, so that what has arrived has to be encoded.
test.beforeAll(() => {
  const sources = `-f lavfi -i testsrc2=s=640x360:r=25:d=${SECONDS} -f lavfi -i sine=f=440:d=${SECONDS}`
  const encode = '-c:v mpeg2video -b:v 4M -minrate 4M -maxrate 4M -bufsize 2M -g 25 -c:a flac'
  execFileSync('ffmpeg', ['-v', 'error', ...`${sources} ${encode}`.split(' '), clip])
})

test('a video is watched while it is uploaded, and plays to its end afterwards @full', async ({
  home: page,
  user,
  app,
}) => {
  await emulateNetwork(page, { uploadBytesPerSecond: 1_000_000 })
  await chooseFiles(page, [clip])
  const progress = uploadProgressBar(page, 'long walk.mkv')
  await page.getByRole('link', { name: 'Watch what has arrived' }).click({ timeout: 60_000 })
  await startPlaying(page, { timeout: 60_000 })
  const media = page.locator('hls-video video')
  const currentTime = () => media.evaluate((element: HTMLVideoElement) => element.currentTime)
  await expect.poll(currentTime, { timeout: 60_000 }).toBeGreaterThan(0.5)
  expect(await media.evaluate((element: HTMLVideoElement) => element.videoWidth)).toBeGreaterThan(0)
  expect(await readPercent(progress)).toBeGreaterThan(0)
  expect(await readPercent(progress)).toBeLessThan(100)
  await expect(page.getByTestId('video-state')).toContainText(
    /\d+ % uploaded · you can watch what has arrived/,
  )
  const id = page.url().split('/').at(-1)!
  const read = () => user.fetchJson<VideoDto>(`/api/v1/videos/${id}`)
  expect(await read()).toMatchObject({ isPlayable: true, taskId: null })
  expect((await (await createUser(app)).fetch(`/api/v1/videos/${id}`)).status).toBe(404)
  await emulateNetwork(page, {})
  await expect.poll(async () => (await read()).upload, { timeout: 60_000 }).toBeNull()
  expect((await read()).isPlayable).toBe(true)
  // Beyond what had arrived when the player loaded the video.
  await media.evaluate((element: HTMLVideoElement) => {
    element.playbackRate = 8
  })
  await expect.poll(currentTime, { timeout: 120_000 }).toBeGreaterThan(SECONDS - 15)
})
