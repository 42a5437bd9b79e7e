import { readFileSync } from 'node:fs'
import { generateMedia } from '@/tests/support/generate-media'
import { expect, test } from './fixtures'

const [locale, timeZone] = ['de-DE', 'Asia/Tokyo']
test.use({ locale, timezoneId: timeZone })

test('shows times in the locale and the time zone of the browser @full', async ({ home: page, user }) => {
  const body = readFileSync(await generateMedia('silent.mp4'))
  const url = '/api/v1/videos?filename=silent.mp4'
  const { task } = await user.fetchJson<{ task: { id: string } }>(url, { method: 'POST', body })
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  // The server renders this page.
  await page.goto(`/tasks/${task.id}`)
  const time = page.getByRole('listitem').filter({ hasText: 'Angefordert' }).getByRole('time')
  const requestedAt = new Date((await time.getAttribute('datetime'))!)
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone })
  await expect(time).toHaveText(format.format(requestedAt))
  expect(errors).toEqual([])
})
