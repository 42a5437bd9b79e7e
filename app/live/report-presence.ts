/** Below the time after which the server regards a user as away. */
const INTERVAL_MS = 60_000

/** Calls `publish` when the page is shown or hidden, and once a minute while it is visible. Returns a function that ends it. */
export function reportPresence(publish: () => void) {
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') publish()
  }, INTERVAL_MS)
  document.addEventListener('visibilitychange', publish)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', publish)
  }
}
