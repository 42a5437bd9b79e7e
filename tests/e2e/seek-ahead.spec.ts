import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { expect, startPlaying, test } from './fixtures'

const SECONDS = 300
const clip = path.join(mkdtempSync(path.join(tmpdir(), 'meanwhile-clip-')), 'long walk.mkv')

// Not web-safe, so that each rendition has to be encoded.
test.beforeAll(() => {
  const sources = `-f lavfi -i testsrc2=s=854x480:r=25:d=${SECONDS} -f lavfi -i sine=f=440:d=${SECONDS}`
  const encode = '-c:v mpeg4 -q:v 8 -g 50 -c:a aac'
  execFileSync('ffmpeg', ['-v', 'error', ...`${sources} ${encode}`.split(' '), clip])
})

test('a viewer seeks ahead of a transcode, which continues from there @full', async ({
  home: page,
  user,
}) => {
  const { video, task } = await user.fetchJson<{ video: VideoDto; task: TaskDto }>(
    '/api/v1/videos?filename=long-walk.mkv',
    { method: 'POST', body: new Uint8Array(readFileSync(clip)) },
  )
  await page.goto(`/videos/${video.id}`)
  await startPlaying(page, { timeout: 60_000 })
  const media = page.locator('hls-video video')
  const read = (what: 'currentTime' | 'duration') =>
    media.evaluate((element: HTMLVideoElement, key) => element[key], what)
  await expect.poll(() => read('currentTime'), { timeout: 60_000 }).toBeGreaterThan(0.5)
  expect(await read('duration')).toBeCloseTo(SECONDS, 0)
  await media.evaluate((element: HTMLVideoElement, seconds) => {
    element.currentTime = seconds
  }, SECONDS - 80)
  await expect.poll(() => read('currentTime'), { timeout: 90_000 }).toBeGreaterThan(SECONDS - 79)
  const { progress } = await user.fetchJson<TaskDto>(`/api/v1/tasks/${task.id}`)
  // Less than what precedes the position.
  expect(progress).toBeLessThan(0.7)
})
