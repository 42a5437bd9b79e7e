declare global {
  interface Window {
    /** Files dropped before hydration; deleted by `takePreHydrationDrops`. */
    preHydrationDrops?: { entries: FileSystemEntry[]; stop: () => void }
  }
}

/** Runs inline, before any other script of the app has loaded. */
const INLINE_SCRIPT = `(() => {
  const entries = []
  const accept = (event) => event.dataTransfer?.types.includes('Files') && (event.preventDefault(), true)
  const drop = (event) => {
    if (!accept(event)) return
    for (const item of event.dataTransfer.items) {
      const entry = item.webkitGetAsEntry()
      if (entry) entries.push(entry)
    }
  }
  addEventListener('dragover', accept)
  addEventListener('drop', drop)
  const stop = () => {
    removeEventListener('dragover', accept)
    removeEventListener('drop', drop)
  }
  window.preHydrationDrops = { entries, stop }
})()`

/** Collects files that are dropped before the page has hydrated. By default the browser would open them instead. */
export const PreHydrationDrop = ({ nonce }: { nonce?: string }) => (
  // Browsers hide the nonce from the hydrating page.
  <script suppressHydrationWarning nonce={nonce} dangerouslySetInnerHTML={{ __html: INLINE_SCRIPT }} />
)

/** Returns the entries dropped so far and removes the inline listeners. */
export function takePreHydrationDrops(): FileSystemEntry[] {
  const { entries = [], stop } = window.preHydrationDrops ?? {}
  stop?.()
  delete window.preHydrationDrops
  return entries
}
