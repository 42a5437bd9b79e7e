// The service worker of the app (decision 0103). It never opens a cache or a database: whoever uses this browser next finds
// nothing of what the previous user saw. Its duties are the page that is shown while the server cannot be reached, the files and
// links that other apps share with the installed app, and notifications while no page is open.

/** Paths that browsers open as pages but that are data: downloads stream past the worker. */
const DATA_PATH = /^\/(?:api|media|_next)\/|^\/machines\/[^/]+\/ports\//

self.addEventListener('install', () => self.skipWaiting())

self.addEventListener('activate', (event) => {
  // Lets the request of a page run while the worker starts.
  event.waitUntil(self.registration.navigationPreload?.enable())
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { pathname } = new URL(request.url)
  const isPage = request.mode === 'navigate' && request.destination === 'document'
  if (!isPage || DATA_PATH.test(pathname)) return
  if (request.method === 'POST' && pathname === '/share-target') event.respondWith(receiveShare(event))
  if (request.method === 'GET') event.respondWith(loadPage(event))
})

self.addEventListener('push', (event) => event.waitUntil(receivePush(event.data.json())))

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(openPage(event.notification.data.href))
})

self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renewSubscription(event)))

const receivePush = (message) =>
  message.endedSubscriptionId ? closeNotifications(message.endedSubscriptionId) : showNotification(message)

/** The session that had this subscription has ended. Another user may have signed in since, whose notifications stay. */
async function closeNotifications(endedId) {
  for (const notification of await self.registration.getNotifications())
    if (notification.data?.subscriptionId === endedId) notification.close()
  const response = await fetch('/api/v1/push').catch(() => null)
  if (response?.status === 401) await self.navigator.clearAppBadge?.().catch(() => {})
}

async function showNotification({ id, subscriptionId, title, body, href, unreadCount }) {
  await self.navigator.setAppBadge?.(unreadCount).catch(() => {})
  // A page that the user looks at shows it at the bell.
  const pages = await findPages()
  if (pages.some(({ visibilityState }) => visibilityState === 'visible')) return
  await self.registration.showNotification(title, {
    body,
    tag: id,
    data: { href, subscriptionId },
    icon: '/icons/192.png',
  })
}

/** Opens a page of this app in an open tab, which may upload and is therefore not loaded again, or in a new one. */
async function openPage(href) {
  const url = new URL(href, self.location.origin)
  if (url.origin !== self.location.origin) return
  for (const page of await findPages()) if (await passToPage(page, url.href)) return page.focus()
  await self.clients.openWindow(url.href)
}

const findPages = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true })

/** Resolves to whether the page has opened it: pages without the frame of the app do not. */
const passToPage = (page, href) =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => resolve(true)
    setTimeout(() => resolve(false), 500)
    page.postMessage({ type: 'open', href }, [port2])
  })

/** Registers the subscription by which the push service has replaced another one. */
async function renewSubscription({ newSubscription }) {
  const subscription = newSubscription ?? (await subscribe())
  const headers = { 'content-type': 'application/json' }
  await fetch('/api/v1/push', { method: 'POST', headers, body: JSON.stringify(subscription) })
}

async function subscribe() {
  const { publicKey } = await (await fetch('/api/v1/push')).json()
  const options = { userVisibleOnly: true, applicationServerKey: publicKey }
  return self.registration.pushManager.subscribe(options)
}

async function loadPage(event) {
  // After a sign-in that the share required.
  if (shared && new URL(event.request.url).pathname === '/' && !event.request.url.includes('?'))
    return Response.redirect(SHARED_URL, 303)
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request))
  } catch {
    return createOfflineResponse()
  }
}

const SHARED_URL = '/?shared'

/** Browsers end a worker that waits longer. */
const SHARE_TIMEOUT_MS = 4 * 60_000

/** What another app shared last, until a page takes it: references to files, which the page uploads. */
let shared = null
let endShare = () => {}

/** The request never reaches the server. A page of another site can send one too, so the user confirms what is uploaded. */
async function receiveShare(event) {
  const form = await event.request.formData()
  endShare()
  shared = {
    // A field without a file has an empty one.
    files: form.getAll('files').filter(({ size }) => size > 0),
    text: ['url', 'text', 'title'].map((name) => form.get(name)).join(' '),
  }
  event.waitUntil(
    new Promise((resolve) => {
      const timer = setTimeout(() => endShare(), SHARE_TIMEOUT_MS)
      endShare = () => {
        clearTimeout(timer)
        shared = null
        resolve()
      }
    }),
  )
  return Response.redirect(SHARED_URL, 303)
}

self.addEventListener('message', ({ data, ports }) => {
  if (data !== 'take-shared') return
  ports[0].postMessage(shared)
  endShare()
})

const OFFLINE_TEXTS = {
  en: {
    title: 'Offline',
    heading: 'You’re offline',
    hint: 'What you started continues on the server. This page opens as soon as the connection is back.',
    tryAgain: 'Try again',
  },
  de: {
    title: 'Offline',
    heading: 'Sie sind offline',
    hint: 'Was Sie gestartet haben, läuft auf dem Server weiter. Diese Seite öffnet sich, sobald die Verbindung wieder da ist.',
    tryAgain: 'Erneut versuchen',
  },
}

function createOfflineResponse() {
  const nonce = crypto.randomUUID()
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'`
  return new Response(renderOfflinePage(nonce), {
    status: 503,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
  })
}

/** Part of this file, so that nothing has to be stored. It opens the requested page as soon as the server answers. */
function renderOfflinePage(nonce) {
  const locale = findLocale()
  const texts = OFFLINE_TEXTS[locale]
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${texts.title} · Meanwhile</title>
<style nonce="${nonce}">
:root { color-scheme: light dark }
body { margin: 0 }
main {
  min-height: 100dvh; padding: 24px; box-sizing: border-box; display: grid; place-content: center;
  justify-items: center; gap: 8px; text-align: center; text-wrap: balance; font: 14px/1.5 Geist, system-ui, sans-serif;
  background: light-dark(oklch(0.985 0.002 190), oklch(0.17 0.006 190));
  color: light-dark(oklch(0.22 0.01 190), oklch(0.94 0.004 190));
}
svg { width: 40px; margin-bottom: 8px }
h1 { margin: 0; font-size: 20px }
p { max-width: 22rem; margin: 0; color: light-dark(oklch(0.47 0.012 190), oklch(0.72 0.01 190)) }
a {
  margin-top: 12px; padding: 10px 16px; border-radius: 8px; font-weight: 500; text-decoration: none;
  background: light-dark(oklch(0.5 0.09 190), oklch(0.74 0.11 190));
  color: light-dark(oklch(0.99 0.01 190), oklch(0.17 0.03 190));
}
</style>
</head>
<body>
<main>
<svg viewBox="0 0 32 32" aria-hidden="true"><path fill="#0f8f86" d="M6 3h20L16 16z"/><path fill="#14b8a6" d="M6 29h20L16 16z"/></svg>
<h1>${texts.heading}</h1>
<p role="status">${texts.hint}</p>
<a href="">${texts.tryAgain}</a>
</main>
<script nonce="${nonce}">
const theme = localStorage.getItem('theme')
if (theme === 'light' || theme === 'dark') document.documentElement.style.colorScheme = theme
const reloadIfOnline = () => fetch('/api/health', { method: 'HEAD' }).then(() => location.reload(), () => {})
addEventListener('online', reloadIfOnline)
setInterval(reloadIfOnline, 5000)
</script>
</body>
</html>
`
}

/** The first language of the browser that exists here: the worker cannot read the cookie of a chosen one. */
const findLocale = () =>
  self.navigator.languages.map((tag) => tag.split('-')[0]).find((tag) => tag in OFFLINE_TEXTS) ?? 'en'
