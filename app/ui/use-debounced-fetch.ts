'use client'

import { useEffect, useState } from 'react'
import { fetchJson } from './fetch-json'

const DEBOUNCE_MS = 150

/**
 * The JSON at `url`, fetched once `url` has not changed for a moment. A failed request keeps the previous result; a
 * `null` URL clears it.
 */
export function useDebouncedFetch<T>(url: string | null) {
  const [data, setData] = useState<T | null>(null)
  useEffect(() => {
    if (url === null) return setData(null)
    const controller = new AbortController()
    const timer = setTimeout(() => {
      void fetchJson<T>(url, controller.signal).then((found) => found && setData(found))
    }, DEBOUNCE_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [url])
  return data
}
