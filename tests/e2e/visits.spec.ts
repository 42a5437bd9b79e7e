import { generateMedia } from '@/tests/support/generate-media'
import { chooseFiles, expect, test, videoLink } from './fixtures'

test('lists what finishes during a visit as finished, not as finished in an absence @full', async ({
  home,
}) => {
  await chooseFiles(home, [await generateMedia('silent.mp4')])
  const finished = home.locator('section').filter({ has: home.getByRole('heading', { name: 'Finished' }) })
  await expect(videoLink(home, 'silent')).toBeVisible()
  await expect(finished.getByText('silent', { exact: true })).toBeVisible({ timeout: 60_000 })
  await home.reload()
  await expect(finished.getByText('silent', { exact: true })).toBeVisible()
  await expect(home.getByText('While you were away')).toBeHidden()
})
