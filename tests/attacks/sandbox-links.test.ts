import { once } from 'node:events'
import { link, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createLocalStorage } from '@/lib/storage/local-storage'
import type { MediaInfo } from '@/lib/videos/media-info'
import { MEMORY_BYTES } from '@/tests/support/ladder-run'
import { neverAborted } from '@/tests/support/never-aborted'
import { runSandboxed } from '@/worker/process/sandbox'
import { findSandboxFile, readSandboxFile } from '@/worker/process/sandbox-files'
import { generatePoster } from '@/worker/video/ffmpeg/poster'
import type { ImageOptions } from '@/worker/video/ffmpeg/render-images'
import { generateStoryboard } from '@/worker/video/ffmpeg/storyboard'

// An uploaded file has taken over ffmpeg, which then runs this script in its sandbox.
let attack = ''
vi.mock(import('@/worker/video/ffmpeg/render-images'), async (importOriginal) => ({
  ...(await importOriginal()),
  renderImages: async ({ outputDir }: Pick<ImageOptions, 'outputDir'>) => {
    await runInSandbox(attack, outputDir)
    return 'signalstats.YLOW=0\nsignalstats.YHIGH=255\n'
  },
}))

async function runInSandbox(script: string, outputDir: string) {
  const run = runSandboxed({
    program: 'sh' as 'ffmpeg',
    args: ['-ec', script],
    outputDir,
    signal: neverAborted,
    memoryBytes: MEMORY_BYTES,
    wallClockMs: 10_000,
  })
  run.stdout.resume()
  await run.exited
}

let root: string
let secret: string
let outputDir: string
const info = {
  demuxer: 'mov',
  durationSeconds: 10,
  video: { index: 0, width: 640, height: 360, isHdr: false, keyframeGapSeconds: 1 },
} as MediaInfo
const options = () => ({
  sourcePath: '/dev/null',
  info,
  outputDir,
  signal: neverAborted,
  memoryBytes: MEMORY_BYTES,
})

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'links-'))
  secret = path.join(root, 'secret')
})
afterAll(() => rm(root, { recursive: true, force: true }))
beforeEach(async () => {
  await writeFile(secret, 'top secret')
  outputDir = await mkdtemp(path.join(root, 'out-'))
})

it('does not publish the target of a link that ffmpeg left as the poster', async () => {
  attack = `ln -s ${secret} candidate-0.jpg`
  await expect(generatePoster(options())).rejects.toMatchObject({ code: 'sandbox.unexpected_file' })
})

it('does not publish the target of a link that ffmpeg left as a thumbnail sheet', async () => {
  attack = `ln -s ${secret} sheet-1.jpg`
  await expect(generateStoryboard(options())).rejects.toMatchObject({ code: 'sandbox.unexpected_file' })
})

it('does not write the storyboard through a link that ffmpeg left in its place', async () => {
  attack = `ln -s ${secret} storyboard.vtt; echo image >sheet-1.jpg`
  const { vtt } = await generateStoryboard(options())
  expect([vtt.slice(0, 6), await readFile(secret, 'utf8')]).toEqual(['WEBVTT', 'top secret'])
})

it('adopts only files that the program was to write', async () => {
  await runInSandbox('mkfifo fifo; mkdir folder; ln -s missing dangling; echo fine >regular', outputDir)
  await link(secret, path.join(outputDir, 'hard-link'))
  for (const name of ['fifo', 'folder', 'dangling', 'hard-link'])
    await expect(findSandboxFile(outputDir, name), name).rejects.toMatchObject({
      code: 'sandbox.unexpected_file',
    })
  for (const name of ['../secret', '/etc/passwd', '.', ''])
    await expect(findSandboxFile(outputDir, name), name).rejects.toThrow('invalid name')
  expect(await findSandboxFile(outputDir, 'missing')).toBeNull()
  const regular = { dir: outputDir, name: 'regular' }
  expect(String(await readSandboxFile(regular, { maxBytes: 3 }))).toBe('fin')
})

it('neither stores nor serves a link', async () => {
  const storage = createLocalStorage(path.join(root, 'storage'))
  const planted = path.join(outputDir, 'poster.jpg')
  await symlink(secret, planted)
  await expect(storage.moveIn('videos/1/poster.jpg', planted)).rejects.toThrow('not a regular file')
  await expect(storage.copyIn('videos/1/poster.jpg', planted)).rejects.toThrow('not a regular file')
  // As an earlier version stored it.
  await mkdir(path.join(root, 'storage/videos/1'), { recursive: true })
  await symlink(secret, path.join(root, 'storage/videos/1/poster.jpg'))
  expect(await storage.stat('videos/1/poster.jpg')).toBeNull()
  const wanted = { key: 'videos/1/poster.jpg', signal: neverAborted }
  const opening = storage.withLocalFile(wanted, async (file) => file)
  await expect(opening).rejects.toMatchObject({ code: 'file.not_found' })
  const reading = storage.read('videos/1/poster.jpg').then((stream) => once(stream, 'data'))
  await expect(reading).rejects.toMatchObject({ code: 'file.not_found' })
})
