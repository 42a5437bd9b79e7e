import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Locator, Page } from '@playwright/test'
import type { MachineDto } from '@/lib/machines/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { generateMedia } from '@/tests/support/generate-media'
import { expect, expectAccessible, openPage, test, type TestUser } from './fixtures'

test.use({ permissions: ['clipboard-read', 'clipboard-write'] })

const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText())
const copyButton = (scope: Page | Locator) => scope.getByRole('button', { name: 'Copy as curl' })

async function copyFromMenu(page: Page, label: string) {
  await copyButton(page).click()
  await page.getByRole('menuitem', { name: label, exact: true }).click()
  await expect(page.getByText('Copied').last()).toBeVisible()
  return copied(page)
}

/** Runs a copied command in a shell, with the key of a user. Returns its JSON. */
async function runCopied<T>(command: string, user: TestUser, cwd = '/') {
  const env = { PATH: process.env.PATH!, MEANWHILE_API_KEY: user.key } as unknown as NodeJS.ProcessEnv
  const { stdout } = await promisify(execFile)('sh', ['-c', command.replace(/^curl/, 'curl --silent')], {
    cwd,
    env,
  })
  return JSON.parse(stdout) as T
}

test('copies what buttons do as commands that curl runs @full', async ({ home, user }) => {
  await copyButton(home.getByRole('region', { name: 'Create a machine' })).click()
  const { machine } = await runCopied<{ machine: MachineDto }>(await copied(home), user)
  await expect(home.getByRole('link', { name: `Open console of ${machine.name}` })).toBeVisible()

  // The example names a file of the user.
  await copyButton(home.getByRole('region', { name: 'Upload' })).click()
  const clip = await generateMedia('web-safe.mp4')
  const upload = (await copied(home)).replaceAll('film.mp4', path.basename(clip))
  const { video } = await runCopied<{ video: VideoDto }>(upload, user, path.dirname(clip))
  await openPage(home, '/videos')
  await home.getByRole('checkbox', { name: 'Select web-safe' }).check()
  await copyButton(home.getByRole('toolbar')).click()
  await home.getByRole('menuitem', { name: 'Share', exact: true }).click()
  const bulk = await runCopied<{ results: { share: object | null }[] }>(await copied(home), user)
  expect(bulk.results).toMatchObject([{ share: { videoId: video.id } }])
  await home.getByRole('button', { name: 'Copy actions on web-safe as curl' }).click()
  await home.getByRole('menuitem', { name: 'Create link' }).click()
  const fromRow = await runCopied<{ videoId: string }>(await copied(home), user)
  expect(fromRow.videoId).toBe(video.id)
  await openPage(home, `/videos/${video.id}`)

  const share = await runCopied<{ url: string }>(await copyFromMenu(home, 'Create link'), user)
  expect(share.url).toContain('/s/')
  await runCopied(await copyFromMenu(home, 'Delete'), user)
  await expect(home.getByText('was deleted. It can be restored until')).toBeVisible()

  await openPage(home, `/machines/${machine.id}`)
  await runCopied(await copyFromMenu(home, 'Terminate'), user)
  await expect(home.getByTestId('machine-state')).toContainText(/Terminat/)
})

test('commands contain what a user has typed, also what means something to a shell @full', async ({
  home,
  user,
}) => {
  const marker = path.join(tmpdir(), `meanwhile-owned-${process.pid}`)
  const script = `echo 'single' "double" \`touch ${marker}\` $(touch ${marker}) ; touch ${marker}\n!! \\ %\t#`
  await openPage(home, '/machines/new')
  await home.getByText('Advanced options').click()
  await home.getByLabel('Script').fill(script)
  await copyButton(home).click()
  const command = await copied(home)
  expect(command.split('\n').slice(1)).toHaveLength(3)
  const { machine } = await runCopied<{ machine: MachineDto }>(command, user)
  expect(machine.hasUserData).toBe(true)
  expect(existsSync(marker)).toBe(false)

  const link = `https://example.invalid/$(touch ${marker})'"%20&a=b;touch%20${marker}`
  await openPage(home, '/')
  await home.getByRole('button', { name: 'Import from a link' }).click()
  await home.getByLabel('Link', { exact: true }).fill(link)
  await copyButton(home.getByRole('dialog')).click()
  const { task } = await runCopied<{ task: TaskDto }>(await copied(home), user)
  expect(task.kind).toContain('import')
  expect(existsSync(marker)).toBe(false)
})

test('the API reference is searched, explains an operation, and sends it with the session @full', async ({
  home,
  user,
}) => {
  await openPage(home, '/docs/api')
  await expectAccessible(home)
  await home.getByRole('searchbox', { name: 'Search operations' }).fill('machines post create')
  await home.getByRole('link', { name: /Create a machine/ }).click()
  await expect(home.getByRole('heading', { name: 'Create a machine' })).toBeVisible()
  await expect(home.getByText('Also the host name of the guest')).toBeVisible()
  await expectAccessible(home)

  const body = home.getByRole('textbox', { name: 'Body' })
  await body.fill('{ "name": ')
  await expect(home.getByText('This is not a JSON object.')).toBeVisible()
  await expect(home.getByRole('button', { name: 'Send' })).toBeDisabled()
  await body.fill('{ "name": "from-the-docs" }')
  await home.getByRole('button', { name: 'Send' }).click()
  // Nothing is sent before the confirmation.
  expect((await user.fetchJson<{ machines: MachineDto[] }>('/api/v1/machines')).machines).toEqual([])
  await home.getByRole('dialog').getByRole('button', { name: 'Send' }).click()
  await expect(home.getByRole('region', { name: 'Response body' })).toContainText('"name": "from-the-docs"')
  await expect(home.getByRole('status').filter({ hasText: /^202/ })).toBeVisible()

  await openPage(home, '/docs/api/get-videos-id')
  await home.getByRole('textbox', { name: 'id' }).fill('../tasks')
  await home.getByRole('button', { name: 'Send' }).click()
  await expect(home.getByRole('region', { name: 'Response body' })).toContainText('"code"')
  await expect(home.getByRole('status').filter({ hasText: /^40\d/ })).toBeVisible()
  await home.getByRole('textbox', { name: 'id' }).fill('..')
  await expect(home.getByRole('button', { name: 'Send' })).toBeDisabled()
})

test('the API reference needs no account, and sends nothing without one @full', async ({ page, app }) => {
  await page.goto(`${app.url}/docs/api/get-videos`)
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Send' })).toBeDisabled()
  expect((await page.goto(`${app.url}/docs/api/no-such-operation`))!.status()).toBe(404)
})
