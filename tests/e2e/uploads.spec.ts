import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { startTcpProxy } from '@/tests/support/tcp-proxy'
import {
  chooseFiles,
  createFileDrag,
  dropFiles,
  expect,
  dragFilesOver,
  readPercent,
  emulateNetwork,
  test,
  videoLink,
  uploadProgressBar,
} from './fixtures'

const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-uploads-'))
const UPLOADED_MESSAGE = 'Uploaded. You can close this tab.'

/** Copies generated media to a file of the given name. */
async function createVideoFile(name: string, media: MediaName = 'silent.mp4') {
  const to = path.join(dir, name)
  mkdirSync(path.dirname(to), { recursive: true })
  copyFileSync(await generateMedia(media), to)
  return to
}

test('uploads files and folders that are dropped on any page', async ({ home }) => {
  await home.goto('/activity')
  await createVideoFile('trip/one.mp4')
  await createVideoFile('trip/days/two.mp4')
  writeFileSync(path.join(dir, 'trip/notes.txt'), 'Not a video.')
  await dropFiles(home, [await createVideoFile('three.mp4'), path.join(dir, 'trip')])
  await expect(home.getByText('notes.txt: This is not a video or audio file.')).toBeVisible()
  await expect(home.getByText(UPLOADED_MESSAGE)).toBeVisible()
  await home.goto('/videos')
  for (const name of ['one', 'two', 'three']) await expect(videoLink(home, name)).toBeVisible()
})

test('accepts a drop whose target element disappeared during the drag @full', async ({ home }) => {
  await home.getByRole('link', { name: 'Activity' }).first().click()
  const heading = home.getByRole('heading', { name: 'Activity' })
  await expect(heading).toBeVisible()
  const { x, y } = (await heading.boundingBox())!
  const drag = await dragFilesOver(home, [await createVideoFile('held.mp4')], { x: x + 5, y: y + 5 })
  await home.goBack()
  await expect(heading).toBeHidden()
  await drag('drop')
  await expect(home.getByText(UPLOADED_MESSAGE)).toBeVisible()
  await expect(home.getByText('Drop to upload')).toBeHidden()
})

test('uploads files that were dropped before hydration @full', async ({ home }) => {
  const scripts = Promise.withResolvers<void>()
  await home.route('**/*.js*', async (route) => {
    await scripts.promise
    await route.continue()
  })
  await home.goto('/activity', { waitUntil: 'commit' })
  await expect(home.getByRole('heading', { name: 'Activity' })).toBeVisible()
  const drag = await createFileDrag(home, [await createVideoFile('early.mp4')])
  await drag('dragEnter')
  await drag('dragOver')
  await drag('drop')
  scripts.resolve()
  await expect(home.getByText(UPLOADED_MESSAGE)).toBeVisible()
})

test('uploads a file that was chosen before hydration', async ({ home }) => {
  const scripts = Promise.withResolvers<void>()
  await home.route('**/*.js*', async (route) => {
    await scripts.promise
    await route.continue()
  })
  await home.goto('/', { waitUntil: 'commit' })
  await chooseFiles(home, [await createVideoFile('early-choice.mp4')])
  scripts.resolve()
  await expect(home.getByText(UPLOADED_MESSAGE)).toBeVisible()
})

test('uploads a pasted file @full', async ({ home }) => {
  const bytes = [...new Uint8Array(readFileSync(await generateMedia('song.mp3')))]
  await home.evaluate(`{
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File([new Uint8Array(${JSON.stringify(bytes)})], 'pasted.mp3', { type: 'audio/mpeg' }))
    window.dispatchEvent(new ClipboardEvent('paste', { clipboardData }))
  }`)
  await expect(home.getByText(UPLOADED_MESSAGE)).toBeVisible()
  await expect(videoLink(home, 'pasted')).toBeVisible()
})

test('rejects a file that is not media with a clear message', async ({ home }) => {
  const buffer = Buffer.from('not a video '.repeat(1000))
  await home.getByTestId('file-input').setInputFiles({ name: 'letter.mp4', mimeType: 'video/mp4', buffer })
  await expect(home.getByText('This is not a video or audio file. Its type is plain text.')).toBeVisible()
})

test('uploads several files at once and shows speed and time left for each', async ({ home }) => {
  await emulateNetwork(home, { uploadBytesPerSecond: 1_500_000 })
  const names = ['left.mp4', 'right.mp4']
  await chooseFiles(home, await Promise.all(names.map((name) => createVideoFile(name, 'noise.mp4'))))
  await expect
    .poll(async () =>
      (await Promise.all(names.map((name) => readPercent(uploadProgressBar(home, name))))).filter(
        (p) => p > 0 && p < 100,
      ),
    )
    .toHaveLength(2)
  await expect(home.getByText('Nothing here yet')).toBeHidden()
  await expect(home.getByText(/ of [\d.]+ MB · [\d.]+ [kM]B\/s · .* left/)).toHaveCount(2)
  await emulateNetwork(home, {})
  await expect(home.getByText(UPLOADED_MESSAGE)).toBeVisible()
})

test('pauses and resumes an upload @full', async ({ home }) => {
  await emulateNetwork(home, { uploadBytesPerSecond: 1_000_000 })
  await chooseFiles(home, [await createVideoFile('pause.mp4', 'noise.mp4')])
  await expect.poll(() => readPercent(uploadProgressBar(home, 'pause.mp4'))).toBeGreaterThan(5)
  await home.getByRole('button', { name: 'Pause pause.mp4' }).click()
  await expect(home.getByText(/^Paused at/)).toBeVisible()
  const offset = trackUploadOffsets(home)
  await home.getByRole('button', { name: 'Resume pause.mp4' }).click()
  await emulateNetwork(home, {})
  await expect(home.getByText(UPLOADED_MESSAGE)).toBeVisible()
  expect(offset()).toBeGreaterThan(0)
})

test('resumes an upload after a network outage @full', async ({ home, app }) => {
  const network = await startTcpProxy(app.url)
  await home.goto(network.url)
  await emulateNetwork(home, { uploadBytesPerSecond: 1_000_000 })
  await chooseFiles(home, [await createVideoFile('tunnel.mp4', 'noise.mp4')])
  await expect.poll(() => readPercent(uploadProgressBar(home, 'tunnel.mp4'))).toBeGreaterThan(20)
  network.cut()
  await emulateNetwork(home, {})
  await expect(home.getByText(/^Offline/)).toBeVisible()
  const offset = trackUploadOffsets(home)
  network.restore()
  await expect(home.getByText(UPLOADED_MESSAGE)).toBeVisible({ timeout: 60_000 })
  expect(offset()).toBeGreaterThan(0)
  await expect(videoLink(home, 'tunnel')).toBeVisible()
  network.close()
})

test('resumes an upload when the same file is chosen after a reload @full', async ({ home }) => {
  home.on('dialog', (dialog) => void dialog.accept())
  const file = await createVideoFile('again.mp4', 'noise.mp4')
  await emulateNetwork(home, { uploadBytesPerSecond: 1_000_000 })
  await chooseFiles(home, [file])
  await expect.poll(() => readPercent(uploadProgressBar(home, 'again.mp4'))).toBeGreaterThan(30)
  await home.reload()
  await emulateNetwork(home, {})
  const offset = trackUploadOffsets(home)
  await chooseFiles(home, [file])
  await expect(home.getByText(UPLOADED_MESSAGE)).toBeVisible()
  expect(offset()).toBeGreaterThan(0)
})

test('resumes an upload after the server restarts @full', async ({ home, app }) => {
  await emulateNetwork(home, { uploadBytesPerSecond: 1_000_000 })
  await chooseFiles(home, [await createVideoFile('restart.mp4', 'noise.mp4')])
  await expect.poll(() => readPercent(uploadProgressBar(home, 'restart.mp4'))).toBeGreaterThan(20)
  const offset = trackUploadOffsets(home)
  process.kill(app.findPid('dist/server.js'), 'SIGKILL')
  // Only now, so that the upload cannot finish before the kill.
  await emulateNetwork(home, {})
  await expect(home.getByText(UPLOADED_MESSAGE)).toBeVisible({ timeout: 60_000 })
  expect(offset()).toBeGreaterThan(0)
})

/** Returns a function that returns the offset of the first PATCH request from here on. */
function trackUploadOffsets(page: Page) {
  const seen: number[] = []
  page.on('request', (request) => {
    if (request.method() === 'PATCH') seen.push(Number(request.headers()['upload-offset']))
  })
  return () => seen[0]
}
