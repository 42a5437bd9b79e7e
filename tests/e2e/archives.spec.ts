import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Decrypter } from 'age-encryption'
import { generateMedia } from '@/tests/support/generate-media'
import { chooseFiles, expect, expectAccessible, test, videoLink } from './fixtures'

test.use({ env: { MACHINES: 'off' } })

test('exports a video as an encrypted archive, and imports it again @full', async ({ home }) => {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-archive-'))
  await chooseFiles(home, [await generateMedia('silent.mp4')])
  await expect(home.getByText('Uploaded. You can close this tab.')).toBeVisible()
  await videoLink(home, 'silent').click()
  await home.getByRole('button', { name: 'Export', exact: true }).click()
  await expectAccessible(home)
  await home.getByRole('button', { name: 'Generate' }).click()
  const passphrase = await home.getByLabel('Passphrase', { exact: true }).last().inputValue()
  expect(passphrase).toMatch(/^([a-z2-9]{4}-){5}[a-z2-9]{4}$/)
  await home.getByRole('dialog').getByRole('button', { name: 'Export', exact: true }).click()
  await expect(home).toHaveURL(/\/archives$/)
  const downloading = home.waitForEvent('download')
  await home.getByRole('link', { name: 'Download silent' }).click({ timeout: 60_000 })
  const file = path.join(dir, 'backup.tar.age')
  await (await downloading).saveAs(file)
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  const plain = Buffer.from(await decrypter.decrypt(readFileSync(file)))
  expect(plain.includes(readFileSync(await generateMedia('silent.mp4')))).toBe(true)
  await expectAccessible(home)

  await chooseFiles(home, [file])
  await home.getByRole('link', { name: 'Import the archive' }).click()
  await home.reload()
  await home.getByRole('button', { name: 'Import backup.tar.age' }).click()
  await home.getByLabel('Passphrase or secret key').fill('not the passphrase')
  await home.getByRole('dialog').getByRole('button', { name: 'Import' }).click()
  await expect(home.getByText(/cannot be opened with this passphrase/)).toBeVisible({ timeout: 30_000 })
  await home.getByRole('button', { name: 'Import backup.tar.age' }).click()
  await home.getByLabel('Passphrase or secret key').fill(passphrase)
  await home.getByRole('dialog').getByRole('button', { name: 'Import' }).click()
  await expect(home.getByRole('heading', { name: 'To import' })).toBeHidden({ timeout: 30_000 })
  await home.goto('/videos')
  await expect(videoLink(home, 'silent')).toHaveCount(2)
})
