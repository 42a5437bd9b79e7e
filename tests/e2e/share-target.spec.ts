import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { generateMedia } from '@/tests/support/generate-media'
import { expect, expectAccessible, test, videoLink } from './fixtures'

/** Sends what the share sheet of a phone sends to the installed app, from the page that is open. */
async function share(page: Page, shared: { target: string; files?: string[]; text?: string }) {
  await page.evaluate(({ target, text = '' }) => {
    const form = document.createElement('form')
    Object.assign(form, { method: 'post', enctype: 'multipart/form-data', action: `${target}/share-target` })
    form.innerHTML = '<input name="text"><input name="files" type="file" multiple><button>Share</button>'
    form.querySelector('input')!.value = text
    document.body.replaceChildren(form)
  }, shared)
  if (shared.files) await page.locator('form input[type=file]').setInputFiles(shared.files)
  await page.getByRole('button', { name: 'Share' }).click()
}

const waitForServiceWorker = (page: Page) =>
  page.evaluate(async () => void (await navigator.serviceWorker.ready))
const uploadDialog = (page: Page) => page.getByRole('dialog', { name: 'Upload this file?' })

test('uploads a video that another app shares, once confirmed @full', async ({ home, app }) => {
  await waitForServiceWorker(home)
  await share(home, { target: app.url, files: [await generateMedia('silent.mp4')] })
  await expect(uploadDialog(home)).toContainText('silent.mp4')
  await expectAccessible(home)
  expect(new URL(home.url()).search).toBe('')
  await uploadDialog(home).getByRole('button', { name: 'Upload' }).click()
  await expect(videoLink(home, 'silent')).toBeVisible()
  await home.reload()
  await expect(videoLink(home, 'silent')).toBeVisible()
  await expect(uploadDialog(home)).toBeHidden()
})

test('offers to import the link that another app shares @full', async ({ home, app }) => {
  await waitForServiceWorker(home)
  await share(home, { target: app.url, text: 'Look: https://example.com/film.mp4' })
  const dialog = home.getByRole('dialog', { name: 'Import from a link' })
  await expect(dialog.getByLabel('Link', { exact: true })).toHaveValue('https://example.com/film.mp4')
})

test('keeps what was shared until the user has signed in @full', async ({ home, user, app }) => {
  await waitForServiceWorker(home)
  await home.context().clearCookies()
  await share(home, { target: app.url, files: [await generateMedia('silent.mp4')] })
  await expect(home.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await home.getByLabel('Email').fill(user.email)
  await home.getByLabel('Password').fill(user.password)
  await home.getByRole('button', { name: 'Sign in' }).click()
  await uploadDialog(home).getByRole('button', { name: 'Upload' }).click()
  await expect(videoLink(home, 'silent')).toBeVisible()
})

test('uploads nothing by itself that a page of another site submits @full', async ({ home, user, app }) => {
  const foreign = createServer(
    (_, response) => void response.setHeader('content-type', 'text/html').end('<body>'),
  )
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.2', resolve))
  await waitForServiceWorker(home)
  await home.goto(`http://127.0.0.2:${(foreign.address() as AddressInfo).port}`)
  await share(home, { target: app.url, files: [await generateMedia('silent.mp4')] })
  await uploadDialog(home).getByRole('button', { name: 'Cancel' }).click()
  await home.reload()
  await expect(home.getByText('Nothing here yet')).toBeVisible()
  expect(await user.fetchJson('/api/v1/videos')).toMatchObject({ videos: [] })
  foreign.close()
})

test('says so if the service worker is gone, and the server reads nothing @full', async ({ home, app }) => {
  await home.evaluate(async () => void (await (await navigator.serviceWorker.ready).unregister()))
  await share(home, { target: app.url, files: [await generateMedia('silent.mp4')] })
  await expect(home.getByText('Nothing to upload was shared.')).toBeVisible()
})
