import { type LoadedCues, NO_CUES } from './fetch-cues'

type FetchCues = (known: LoadedCues, options: { signal: AbortSignal }) => Promise<{ loaded: LoadedCues }>

interface Entry {
  loaded: LoadedCues
  /** The version of the live row for which cues were fetched or are being fetched. */
  version: number
  listeners: Set<() => void>
  controller: AbortController
  /** Fetches follow each other, because each one requests what the one before lacks. */
  fetching: Promise<void>
}

/** The cues of the tracks on a page, fetched once for all components that show them. */
export function createCueStore(fetchCues: FetchCues) {
  const entries = new Map<string, Entry>()

  async function fetchInto(entry: Entry, version: number) {
    // A newer version is waiting, whose fetch covers this one.
    if (entry.version > version) return
    try {
      const { loaded } = await fetchCues(entry.loaded, { signal: entry.controller.signal })
      entry.loaded = loaded
      for (const listener of entry.listeners) listener()
    } catch {
      // The next change or sync of the live row retries.
      if (entry.version === version) entry.version = -1
    }
  }

  return {
    read: (captionId: string) => entries.get(captionId)?.loaded ?? NO_CUES,

    /** Keeps the cues of a track until the returned function was called for the last listener. */
    subscribe(captionId: string, listener: () => void) {
      const entry: Entry = entries.get(captionId) ?? {
        loaded: { ...NO_CUES, captionId },
        version: -1,
        listeners: new Set(),
        controller: new AbortController(),
        fetching: Promise.resolve(),
      }
      entries.set(captionId, entry)
      entry.listeners.add(listener)
      return () => {
        entry.listeners.delete(listener)
        if (entry.listeners.size > 0) return
        entry.controller.abort()
        if (entries.get(captionId) === entry) entries.delete(captionId)
      }
    },

    /** Fetches what is new of a track with listeners, unless that was done for `version` of its live row. */
    load(captionId: string, version: number) {
      const entry = entries.get(captionId)
      if (!entry || entry.version >= version) return
      entry.version = version
      entry.fetching = entry.fetching.then(() => fetchInto(entry, version))
    },
  }
}
