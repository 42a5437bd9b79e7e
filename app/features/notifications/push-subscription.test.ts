import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { keepPushOn, turnPushOff, turnPushOffIfSignedOut, turnPushOn } from './push-subscription'
import type { NotificationDto } from '@/lib/notifications/schema'
import { showBrowserNotifications } from './show-browser-notifications'

const responses: Record<string, unknown> = {
  '/api/v1/push': { publicKey: 'new-key', subscriptions: [] },
  '/api/v1/notifications': { push: { 'video.ready': true, 'captions.ready': false } },
}

/** A browser whose tab is hidden and whose user has permitted notifications. Subscribing fails without `hasPushService`. */
function stubBrowser({ hasPushService = true, hasWorker = true, permission = 'granted' } = {}) {
  const browser = { subscribedKey: null as string | null, shown: [] as string[], badge: 3 }
  const getSubscription = async () =>
    browser.subscribedKey && {
      toJSON: () => ({}),
      unsubscribe: async () => void (browser.subscribedKey = null),
    }
  const registration = {
    pushManager: {
      getSubscription,
      async subscribe({ applicationServerKey: key }: { applicationServerKey: string }) {
        // As browsers do: https://w3c.github.io/push-api/#subscribe-method
        if (browser.subscribedKey && browser.subscribedKey !== key) throw new Error('InvalidStateError')
        if (!hasPushService) throw new Error('AbortError')
        browser.subscribedKey = key
        return getSubscription()
      },
    },
    showNotification: async (title: string) => void browser.shown.push(title),
    getNotifications: async () => [],
  }
  const register = async () => (hasWorker ? registration : Promise.reject(new Error('SecurityError')))
  const serviceWorker = {
    register,
    ready: hasWorker ? Promise.resolve(registration) : new Promise(() => {}),
    getRegistration: async () => (hasWorker ? registration : undefined),
  }
  const Notification = { permission, requestPermission: async () => permission }
  const stored = new Map<string, string>()
  vi.stubGlobal('window', { Notification, PushManager: {} })
  vi.stubGlobal('document', { hidden: true, documentElement: { lang: 'en' } })
  vi.stubGlobal('Notification', Notification)
  vi.stubGlobal('navigator', { serviceWorker, clearAppBadge: async () => void (browser.badge = 0) })
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  })
  return browser
}

const createNotification = (event: string, message = event) =>
  ({
    id: message,
    event,
    message,
    detail: null,
    href: '/',
    createdAt: new Date().toISOString(),
  }) as NotificationDto
const notify = (event: string) => showBrowserNotifications([createNotification(event)])

beforeEach(() => vi.stubGlobal('fetch', async (url: string) => Response.json(responses[url])))
afterEach(() => vi.unstubAllGlobals())

it('replaces a subscription for an earlier key of the server', async () => {
  const browser = stubBrowser()
  browser.subscribedKey = 'old-key'
  await turnPushOn()
  expect(browser.subscribedKey).toBe('new-key')
})

it('shows the events that are on for push, in a browser without a push service, until it is turned off', async () => {
  const browser = stubBrowser({ hasPushService: false })
  expect(await turnPushOn()).toBe('page-only')
  for (const event of ['video.ready', 'captions.ready', 'upload.refused']) await notify(event)
  expect(browser.shown).toEqual(['video.ready'])
  await turnPushOff()
  await notify('video.ready')
  expect(browser.shown).toEqual(['video.ready'])
  expect(browser.badge).toBe(0)
})

it('combines many notifications within minutes to one that counts them, where only pages show them', async () => {
  const browser = stubBrowser({ hasPushService: false })
  await turnPushOn()
  const unread = ['a', 'b', 'c', 'd'].map((name) => createNotification('video.ready', name))
  await showBrowserNotifications(unread.slice(0, 1), unread.slice(0, 1))
  await showBrowserNotifications(unread.slice(1), unread)
  expect(browser.shown).toEqual(['a', '4 unread notifications'])
})

it('supports no notifications without a service worker, as with a certificate that is not trusted', async () => {
  stubBrowser({ hasWorker: false })
  expect(await turnPushOn()).toBe('unsupported')
})

it('leaves nothing of a user whose session has ended, and all of one who is signed in', async () => {
  const browser = stubBrowser()
  browser.subscribedKey = 'key'
  await turnPushOffIfSignedOut()
  expect([browser.subscribedKey, browser.badge]).toEqual(['key', 3])
  vi.stubGlobal('fetch', async () => new Response(null, { status: 401 }))
  await turnPushOffIfSignedOut()
  expect([browser.subscribedKey, browser.badge]).toEqual([null, 0])
})

it('requests nothing of a browser that may show no notifications', async () => {
  stubBrowser({ permission: 'default' })
  const fetch = vi.fn()
  vi.stubGlobal('fetch', fetch)
  await turnPushOffIfSignedOut()
  expect(fetch).not.toHaveBeenCalled()
})

it('registers a subscribed browser again when its session is replaced, and no other browser', async () => {
  const registered: string[] = []
  let isCurrent = true
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    if (init?.method === 'POST') registered.push(url)
    return Response.json({ subscriptions: [{ isCurrent }] })
  })
  const changePassword = async () => {
    isCurrent = false
    return 'changed'
  }
  stubBrowser()
  await keepPushOn(changePassword)
  expect(registered).toEqual([])
  isCurrent = true
  stubBrowser().subscribedKey = 'key'
  expect(await keepPushOn(changePassword)).toBe('changed')
  expect(registered).toEqual(['/api/v1/push'])
})
