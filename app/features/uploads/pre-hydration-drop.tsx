declare global {
  interface Window {
    /** What was dropped before the page could take it; gone once it can. */
    earlyDrops?: { entries: FileSystemEntry[]; stop: () => void }
  }
}

/** Runs in the page as it is written here, before anything else of ours has come. */
const INLINE_SCRIPT = `(() => {
  const entries = []
  const held = (event) => event.dataTransfer?.types.includes('Files') && (event.preventDefault(), true)
  const drop = (event) => {
    if (!held(event)) return
    for (const item of event.dataTransfer.items) {
      const entry = item.webkitGetAsEntry()
      if (entry) entries.push(entry)
    }
  }
  addEventListener('dragover', held)
  addEventListener('drop', drop)
  const stop = () => {
    removeEventListener('dragover', held)
    removeEventListener('drop', drop)
  }
  window.earlyDrops = { entries, stop }
})()`

/**
 * Keeps files that are dropped on a page whose scripts are still on their way. A browser would open them
 * in place of the page.
 */
export const PreHydrationDrop = () => <script dangerouslySetInnerHTML={{ __html: INLINE_SCRIPT }} />

/** What was dropped so far. From now on somebody else listens. */
export function takePreHydrationDrops(): FileSystemEntry[] {
  const { entries = [], stop } = window.earlyDrops ?? {}
  stop?.()
  delete window.earlyDrops
  return entries
}
