'use client'

import { useEffect, useState } from 'react'
import { fetchJson } from './fetch-json'

/** The JSON at `url`, starting from `initial` and fetched again whenever `changeKey` changes. */
export function useRefetchOnChange<T>(url: string, initial: T, changeKey: string | number) {
  const [data, setData] = useState(initial)
  useEffect(() => {
    const controller = new AbortController()
    void fetchJson<T>(url, controller.signal).then((found) => found && setData(found))
    return () => controller.abort()
  }, [url, changeKey])
  return data
}
