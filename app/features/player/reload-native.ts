type NativeMedia = Pick<
  HTMLMediaElement,
  'src' | 'currentTime' | 'paused' | 'play' | 'load' | 'addEventListener' | 'removeEventListener'
> & { api?: unknown }

/** A file that cannot be played at all would be loaded over and over. */
const MIN_INTERVAL_MS = 10_000

/**
 * Loads the playlist again at the same position when the player of the browser fails, as Safari's does when segments are gone because
 * the file was replaced, or because the URL of a link has ended. `latestUrl` returns the URL. hls.js does this by itself. Returns a
 * function that ends it.
 */
export function reloadNative(media: NativeMedia, latestUrl: () => string) {
  let reloadedAt = Number.NEGATIVE_INFINITY
  const reload = () => {
    if (media.api || Date.now() - reloadedAt < MIN_INTERVAL_MS) return
    reloadedAt = Date.now()
    const { currentTime, paused } = media
    media.addEventListener(
      'loadedmetadata',
      () => {
        media.currentTime = currentTime
        if (!paused) void media.play()
      },
      { once: true },
    )
    media.src = latestUrl()
    media.load()
  }
  media.addEventListener('error', reload)
  return () => media.removeEventListener('error', reload)
}
