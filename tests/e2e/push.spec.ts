import type { Page, Worker } from '@playwright/test'
import { expect, expectAccessible, openPage, test } from './fixtures'

const waitForServiceWorker = (page: Page) =>
  page.evaluate(async () => {
    const { scope } = await navigator.serviceWorker.ready
    return scope
  })

/** Delivers a message as the push service of the browser does. */
async function deliverPush(page: Page, origin: string, message: object) {
  const devTools = await page.context().newCDPSession(page)
  const registered = new Promise<string>((resolve) => {
    devTools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [registration] = registrations
      if (registration) resolve(registration.registrationId)
    })
  })
  await devTools.send('ServiceWorker.enable')
  const data = JSON.stringify(message)
  await devTools.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await registered, data })
}

/** The titles of the notifications that the service worker shows. */
const readShown = (worker: Worker) =>
  worker.evaluate(async () => {
    const { registration } = globalThis as unknown as { registration: ServiceWorkerRegistration }
    return (await registration.getNotifications()).map(({ title, body }) => ({ title, body }))
  })

/** Clicks the notification that is shown. */
const clickNotification = (worker: Worker) =>
  worker.evaluate(async () => {
    const { registration, ExtendableEvent } = globalThis as unknown as {
      registration: ServiceWorkerRegistration
      ExtendableEvent: typeof Event
    }
    const [notification] = await registration.getNotifications()
    dispatchEvent(Object.assign(new ExtendableEvent('notificationclick'), { notification }))
  })

const message = { id: 'one', title: 'harbour is ready', body: '12:04', href: '/machines', unreadCount: 1 }

test('shows a notification while no page is visible, and opens its page in a tab that is open @full', async ({
  home,
  app,
  context,
}) => {
  await context.grantPermissions(['notifications'], { origin: app.url })
  await waitForServiceWorker(home)
  const [worker] = context.serviceWorkers()
  await deliverPush(home, app.url, message)
  // The bell shows it to a user who looks at a page. The second message comes after it, while no page is open.
  await home.goto('about:blank')
  await deliverPush(home, app.url, { ...message, id: 'two', title: 'build-box is ready' })
  await expect.poll(() => readShown(worker!)).toEqual([{ title: 'build-box is ready', body: '12:04' }])

  await openPage(home, '/videos')
  await clickNotification(worker!)
  await expect(home.getByRole('heading', { name: 'Machines', exact: true })).toBeVisible()
  expect(await readShown(worker!)).toEqual([])
})

test('closes the notifications of a session that has ended elsewhere @full', async ({
  home,
  app,
  context,
}) => {
  await context.grantPermissions(['notifications'], { origin: app.url })
  await waitForServiceWorker(home)
  const [worker] = context.serviceWorkers()
  await home.goto('about:blank')
  await deliverPush(home, app.url, { ...message, subscriptionId: 'ended' })
  await deliverPush(home, app.url, { ...message, id: 'two', title: 'talk is ready', subscriptionId: 'new' })
  await expect.poll(async () => (await readShown(worker!)).length).toBe(2)
  await deliverPush(home, app.url, { endedSubscriptionId: 'ended' })
  await expect.poll(() => readShown(worker!)).toEqual([{ title: 'talk is ready', body: '12:04' }])
})

test('turns notifications on where the user requests them, and says what is possible @full', async ({
  home,
  app,
  context,
}) => {
  await context.grantPermissions(['notifications'], { origin: app.url })
  await openPage(home, '/account#notifications')
  const browsers = home.getByRole('list', { name: 'Browsers with notifications' })
  await expect(browsers).toContainText('Receives no notifications')
  await expectAccessible(home)
  // No push service can be reached here.
  await browsers.getByRole('button', { name: 'Turn on' }).click()
  await expect(browsers).toContainText('Cannot reach its push service')
  const isSaved = () => home.waitForResponse((response) => response.url().endsWith('/api/v1/notifications'))
  await Promise.all([isSaved(), home.getByLabel('Video ready: Push').uncheck()])
  await home.reload()
  await expect(home.getByLabel('Video ready: Push')).not.toBeChecked()
})
