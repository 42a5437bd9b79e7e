import { Webhook } from 'standardwebhooks'
import { generateMedia } from '@/tests/support/generate-media'
import { startWebhookReceiver } from '@/tests/support/webhook-receiver'
import { chooseFiles, expect, expectAccessible, test } from './fixtures'

test.use({ env: { WEBHOOK_ALLOW_PRIVATE: '127.0.0.2/32', MACHINES: 'off' } })

test('a webhook is added and tested, receives a video event, is turned off on 410 Gone, and resends @full', async ({
  home,
}) => {
  const receiver = await startWebhookReceiver()
  await home.goto('/account')
  await home.getByRole('link', { name: 'Webhooks' }).click()
  const url = home.getByLabel('URL')
  await url.fill('http://127.0.0.1:8080/')
  await home.getByRole('button', { name: 'Add webhook' }).click()
  await expect(home.getByText('127.0.0.1 is not a public address.')).toBeVisible()
  await url.fill(receiver.url)
  await home.getByLabel('Transcoding').check()
  await home.getByRole('button', { name: 'Add webhook' }).click()
  const secret = await home.getByText(/^whsec_/).textContent()
  await expectAccessible(home)

  await home.getByRole('link', { name: receiver.url }).click()
  await home.getByRole('button', { name: 'Send test event' }).click()
  const deliveries = home.getByRole('main').locator('details')
  await expect(deliveries).toHaveText(/webhook\.test.*Delivered · 200/, { timeout: 15_000 })
  const [{ body, headers }] = receiver.received as [(typeof receiver.received)[0]]
  expect(new Webhook(secret!).verify(body, headers)).toMatchObject({ type: 'webhook.test' })

  receiver.respond = (response) => response.writeHead(410).end('endpoint moved')
  await home.goto('/')
  await chooseFiles(home, [await generateMedia('silent.mp4')])
  await expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBe(2)
  // The page is updated a moment after the response.
  await expect(async () => {
    await home.goto('/account/webhooks')
    await expect(home.getByText('Turned off')).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 15_000 })
  await home.getByRole('link', { name: receiver.url }).click()
  await expect(home.getByText(/^This webhook was turned off\. .*410 Gone/)).toBeVisible()
  await deliveries.first().click()
  await expect(home.getByText('The endpoint responded with 410.')).toBeVisible()
  await expect(home.getByText('endpoint moved')).toBeHidden()
  await expectAccessible(home)

  receiver.respond = (response) => response.end()
  await home.getByRole('button', { name: 'Turn on' }).click()
  await home.getByRole('button', { name: 'Resend' }).first().click()
  await expect(deliveries.first()).toContainText('Delivered · 200', { timeout: 15_000 })
  await home.getByRole('button', { name: 'Delete' }).click()
  await home.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(home.getByText('Add your first webhook')).toBeVisible()
  await receiver.close()
})
