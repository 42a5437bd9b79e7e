import { Webhook } from 'standardwebhooks'
import { generateMedia } from '@/tests/support/generate-media'
import { startWebhookReceiver } from '@/tests/support/webhook-receiver'
import { chooseFiles, expect, expectAccessible, test } from './fixtures'

test.use({ env: { WEBHOOK_ALLOW_PRIVATE: '127.0.0.2/32', MACHINES: 'off' } })

test('a webhook is added, tested, told of a video, turned off when it is gone, and sent again @full', async ({
  home,
}) => {
  const receiver = await startWebhookReceiver()
  await home.goto('/account')
  await home.getByRole('link', { name: 'Webhooks' }).click()
  const address = home.getByLabel('Address')
  await address.fill('http://127.0.0.1:8080/')
  await home.getByRole('button', { name: 'Add webhook' }).click()
  await expect(home.getByText('127.0.0.1 is not a public address.')).toBeVisible()
  await address.fill(receiver.url)
  await home.getByLabel('Transcoding').check()
  await home.getByRole('button', { name: 'Add webhook' }).click()
  const secret = await home.getByText(/^whsec_/).textContent()
  await expectAccessible(home)

  await home.getByRole('link', { name: receiver.url }).click()
  await home.getByRole('button', { name: 'Send a test' }).click()
  const deliveries = home.getByRole('main').locator('details')
  await expect(deliveries).toHaveText(/webhook\.test.*Delivered · 200/, { timeout: 15_000 })
  const [{ body, headers }] = receiver.received as [(typeof receiver.received)[0]]
  expect(new Webhook(secret!).verify(body, headers)).toMatchObject({ type: 'webhook.test' })

  receiver.respond = (response) => response.writeHead(410).end('moved away')
  await home.goto('/')
  await chooseFiles(home, [await generateMedia('silent.mp4')])
  await expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBe(2)
  // It is written down a moment after the answer has come.
  await expect(async () => {
    await home.goto('/account/webhooks')
    await expect(home.getByText('Turned off')).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 15_000 })
  await home.getByRole('link', { name: receiver.url }).click()
  await expect(home.getByText('It was turned off. It answered 410 Gone')).toBeVisible()
  await deliveries.first().click()
  await expect(home.getByText('moved away')).toBeVisible()
  await expectAccessible(home)

  receiver.respond = (response) => response.end()
  await home.getByRole('button', { name: 'Turn on' }).click()
  await home.getByRole('button', { name: 'Send again' }).first().click()
  await expect(deliveries.first()).toContainText('Delivered · 200', { timeout: 15_000 })
  await home.getByRole('button', { name: 'Delete' }).click()
  await home.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(home.getByText('Your first webhook')).toBeVisible()
  await receiver.close()
})
