import { generateMedia } from '@/tests/support/generate-media'
import { MAX_SCRIPTS_KB, measureScripts } from '@/tests/support/measure-scripts'
import { createRatedPages } from '@/tests/support/rated-pages'
import { expect, loadPlayer, signIn, test } from './fixtures'

test.use({ env: { MACHINES: 'off' } })

test('home and the page of a video load no more JavaScript than their limits @full', async ({
  app,
  user,
  page,
}) => {
  await signIn(page, user)
  // Before there are notifications, which load what shows them.
  expect.soft(await measureScripts(page, '/'), 'home, in kB').toBeLessThanOrEqual(MAX_SCRIPTS_KB.home)
  const pages = await createRatedPages({ ...app, key: user.key, file: await generateMedia('web-safe.mp4') })
  const video = pages.find(({ name }) => name === 'video')!
  const weight = await measureScripts(page, video.url, () => loadPlayer(page))
  expect(weight, 'video with its player, in kB').toBeLessThanOrEqual(MAX_SCRIPTS_KB.video)
})
