/** Registers the service worker of the app (public/sw.js), once. Resolves to null where there is none: without HTTPS, or with a certificate that the browser does not trust. */
export async function registerServiceWorker() {
  // Absent where the page was not loaded by HTTPS or from this computer.
  const registering = navigator.serviceWorker?.register('/sw.js')
  return (await registering?.catch(() => null)) ?? null
}
