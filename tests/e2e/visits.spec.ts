import { generateMedia } from '@/tests/support/generate-media'
import { chooseFiles, expect, test, videoLink } from './fixtures'

test('lists what finishes during a visit as recent, not as finished in an absence @full', async ({
  home,
}) => {
  await chooseFiles(home, [await generateMedia('silent.mp4')])
  const recent = home.locator('section').filter({ has: home.getByRole('heading', { name: 'Recent' }) })
  await expect(videoLink(home, 'silent')).toBeVisible()
  await expect(recent.getByText('silent', { exact: true })).toBeVisible({ timeout: 60_000 })
  await home.reload()
  await expect(recent.getByText('silent', { exact: true })).toBeVisible()
  await expect(home.getByText('While you were away')).toBeHidden()
})
