import { generateMedia } from '@/tests/support/generate-media'
import { chooseFiles, expect, expectAccessible, openPage, test, videoLink } from './fixtures'

test.use({ viewport: { width: 390, height: 844 } })

test('shows first what users come back for, and the start area small @full', async ({ home }) => {
  await chooseFiles(home, [await generateMedia('silent.mp4')])
  await expect(home.getByText(/^Done/)).toBeVisible({ timeout: 60_000 })
  await openPage(home, '/')
  await expect(home.getByRole('button', { name: 'Choose files' })).toBeVisible()
  await expect(home.getByText('We’ll process them in the background.')).not.toBeInViewport()
  const row = (await videoLink(home, 'silent').boundingBox())!
  expect(row.y).toBeLessThan(300)
  await expectAccessible(home)
})
