import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { generateMedia } from '@/tests/support/generate-media'
import { expect, expectAccessible, test, videoLink } from './fixtures'

test.use({ env: { MACHINES: 'off', IMPORT_ALLOW_PRIVATE: '127.0.0.2/32' } })

let url: (path: string) => string
/** The response of a download that waits in the middle. */
let waiting: ServerResponse | undefined
const server = createServer((request, response) => {
  if (request.url === '/login.mp4')
    return response.writeHead(200, { 'content-type': 'text/html' }).end('<form>')
  response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': clip.length })
  if (request.url !== '/slow.mp4') return response.end(clip)
  waiting = response
  response.write(clip.subarray(0, clip.length / 2))
})
let clip: Buffer
test.beforeAll(async () => {
  clip = readFileSync(await generateMedia('web-safe.mp4'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.2', resolve))
  url = (path) => `http://127.0.0.2:${(server.address() as AddressInfo).port}/${path}`
})
test.afterAll(() => server.closeAllConnections())

async function importLink(page: Page, link: string) {
  await page.getByRole('button', { name: 'Import from a link' }).click()
  await page.getByLabel('Link', { exact: true }).fill(link)
  await page.getByRole('button', { name: 'Import', exact: true }).click()
}

test('imports a video from a link while the page shows what has arrived', async ({ home }) => {
  await home.getByRole('button', { name: 'Import from a link' }).click()
  await expectAccessible(home)
  await home.keyboard.press('Escape')
  await importLink(home, url('slow.mp4'))
  await expect(home.getByRole('dialog')).toBeHidden()
  await expect(videoLink(home, 'slow')).toBeVisible()
  await expect(home.getByText(/Downloading from 127\.0\.0\.2:\d+ · 50 % of /)).toBeVisible()
  await home.reload()
  await expect(home.getByText(/50 % of /)).toBeVisible()
  waiting!.end(clip.subarray(clip.length / 2))
  await expect(home.getByText(/^Done/)).toBeVisible({ timeout: 60_000 })
  await home.getByRole('link', { name: 'Watch slow' }).click()
  await expect(home.locator('video')).toBeVisible()
})

test('says why a link cannot be imported, in the list, the activity and on the page of the task @full', async ({
  home,
}) => {
  await importLink(home, 'http://127.0.0.1/film.mp4')
  await expect(home.getByText('127.0.0.1 is not a public address.')).toBeVisible()
  // The dialog keeps what was entered.
  await expect(home.getByLabel('Link', { exact: true })).toHaveValue('http://127.0.0.1/film.mp4')
  await home.getByLabel('Link', { exact: true }).fill(url('login.mp4'))
  await home.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(home.getByText(/leads to a web page/)).toBeVisible({ timeout: 20_000 })
  await expect(home.getByRole('button', { name: 'Retry login' })).toBeVisible()
  await home.getByRole('link', { name: 'Activity' }).first().click()
  await home.getByRole('link', { name: /login.*Importing/ }).click()
  await expect(home.getByTestId('task-error').filter({ hasText: 'perhaps to sign in' })).toContainText(
    'Use the link of the file itself',
  )
})

test('cancels an import @full', async ({ home }) => {
  await importLink(home, url('slow.mp4'))
  await expect(home.getByText(/50 % of /)).toBeVisible()
  await home.getByRole('button', { name: 'Cancel slow' }).click()
  await expect(home.getByText('Canceled')).toBeVisible()
  await expect.poll(() => waiting!.destroyed).toBe(true)
})

test('requests an access key for an S3 link @full', async ({ home }) => {
  await home.getByRole('button', { name: 'Import from a link' }).click()
  await home.getByLabel('Link', { exact: true }).fill('s3://bucket/film.mp4')
  await expect(home.getByLabel('Secret access key')).toHaveAttribute('type', 'password')
  await expectAccessible(home)
})
