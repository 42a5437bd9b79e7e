/** What the service worker (public/sw.js) received from another app. */
interface Shared {
  files: File[]
  /** The URL, text and title, one of which may contain a link. */
  text: string
}

/** Whether the page was opened by the service worker to take something. Once: a reload does not repeat it. */
export function hasShared() {
  const url = new URL(location.href)
  if (!url.searchParams.has('shared')) return false
  url.searchParams.delete('shared')
  history.replaceState(history.state, '', url)
  return true
}

/** Takes what was shared from the service worker. Resolves to null if the worker was ended meanwhile, or if there is none. */
export async function takeShared() {
  // Absent where the page was not loaded by HTTPS or from this computer. `ready` would wait for a worker forever.
  const registration = await navigator.serviceWorker?.getRegistration()
  if (!registration) return null
  const { active } = registration
  if (!active) return null
  const { port1, port2 } = new MessageChannel()
  return new Promise<Shared | null>((resolve) => {
    port1.onmessage = (event: MessageEvent<Shared | null>) => resolve(event.data)
    active.postMessage('take-shared', [port2])
  })
}

export const findLink = (text: string) => /\bhttps?:\/\/\S+/i.exec(text)?.[0] ?? null
