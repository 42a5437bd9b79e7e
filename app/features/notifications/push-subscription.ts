import { fetchJson } from '@/app/ui/fetch-json'
import { sendApiRequest } from '@/app/ui/api-request'
import { registerServiceWorker } from './register-service-worker'

/**
 * `on`: this browser is subscribed. `off`: it can be. `page-only`: it has no push service that works, but shows notifications
 * while a page is open. `denied`: the user has blocked notifications. `unsupported`: it shows none, or the page was not loaded
 * by HTTPS or from this computer.
 */
export type PushState = 'on' | 'off' | 'page-only' | 'denied' | 'unsupported'

/** Remembers that subscribing has failed, for all tabs, until notifications are turned off or it works. */
const FAILURE_KEY = 'push-failed'

/** Emits `change` when the state may have changed. */
export const pushEvents = new EventTarget()
const publishChange = () => pushEvents.dispatchEvent(new Event('change'))

const isSupported = async () =>
  'Notification' in window && 'PushManager' in window && (await registerServiceWorker()) !== null

export async function readPushState(): Promise<PushState> {
  if (!(await isSupported())) return 'unsupported'
  if (Notification.permission === 'denied') return 'denied'
  if (Notification.permission === 'default') return 'off'
  if ((await findSubscription()) && (await isRegistered())) return 'on'
  return localStorage.getItem(FAILURE_KEY) ? 'page-only' : 'off'
}

/**
 * Requests the permission, subscribes this browser at its push service, and registers it. Must be called by a click.
 * Resolves to the new state.
 */
export async function turnPushOn(): Promise<PushState> {
  if ((await Notification.requestPermission()) === 'granted') {
    const isSubscribed = await subscribe().catch(() => false)
    if (isSubscribed) localStorage.removeItem(FAILURE_KEY)
    else localStorage.setItem(FAILURE_KEY, 'true')
  }
  publishChange()
  return readPushState()
}

async function subscribe() {
  const push = await fetchJson<{ publicKey: string }>('/api/v1/push')
  if (!push || !(await registerServiceWorker())) return false
  const registration = await navigator.serviceWorker.ready
  // An earlier one may be ended, or for an earlier key of the server, which browsers do not replace.
  await (await registration.pushManager.getSubscription())?.unsubscribe()
  const subscription = await registration.pushManager.subscribe({
    // Every message shows a notification.
    userVisibleOnly: true,
    applicationServerKey: push.publicKey,
  })
  const isRegistered = await register(subscription)
  if (!isRegistered) await subscription.unsubscribe()
  return isRegistered
}

const register = (subscription: PushSubscription) =>
  sendApiRequest({ url: '/api/v1/push', method: 'POST', body: subscription.toJSON() })

/** Runs `change`, which replaces the session, with which the subscription ends. A subscribed browser is registered again. */
export async function keepPushOn<Result>(change: () => Promise<Result>): Promise<Result> {
  const isOn = (await readPushState()) === 'on'
  const result = await change()
  const subscription = isOn ? await findSubscription() : null
  if (subscription && !(await isRegistered())) await register(subscription)
  return result
}

/**
 * Ends the subscription of this browser, and removes the notifications and the count that it still shows: another user may
 * use it next.
 * The server learns it with the end of the session, or from the push service.
 */
export async function turnPushOff() {
  localStorage.removeItem(FAILURE_KEY)
  await navigator.clearAppBadge?.().catch(() => undefined)
  const registration = await navigator.serviceWorker?.getRegistration()
  if (!registration) return
  for (const notification of await registration.getNotifications()) notification.close()
  await (await registration.pushManager?.getSubscription())?.unsubscribe()
  publishChange()
}

/** As `turnPushOff`, if the session of this browser has ended, as by its expiry or with its account. */
export async function turnPushOffIfSignedOut() {
  // Nothing has been shown without it, and the request fails for all who are signed out.
  if (!('Notification' in window) || Notification.permission !== 'granted') return
  const response = await fetch('/api/v1/push').catch(() => null)
  if (response?.status === HTTP_UNAUTHORIZED) await turnPushOff()
}

const HTTP_UNAUTHORIZED = 401

/** Whether the server sends to this session: it does not after a new sign-in. Assumes so while it is unreachable. */
async function isRegistered() {
  const push = await fetchJson<{ subscriptions: { isCurrent: boolean }[] }>('/api/v1/push')
  return push?.subscriptions.some(({ isCurrent }) => isCurrent) ?? true
}

async function findSubscription() {
  const registration = await navigator.serviceWorker.getRegistration()
  return (await registration?.pushManager.getSubscription()) ?? null
}
