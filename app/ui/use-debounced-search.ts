import { type ChangeEvent, useEffect, useRef, useState } from 'react'
import { clearPendingSearch, setPendingSearch } from './pending-search'

const DEBOUNCE_MS = 250

/**
 * A search field whose query is stored in the URL. Calls `onSearch` when typing pauses or the field loses focus; a later
 * call would interfere with the navigation of a clicked link.
 */
export function useDebouncedSearch(search: string, onSearch: (search: string) => void) {
  const [text, setText] = useState(search)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // The page of the last search may still be loading: `search` is then the one before.
  const requested = useRef(search)
  const latestOnSearch = useRef(onSearch)
  useEffect(() => {
    requested.current = search
    // Links have the earlier search until then.
    clearPendingSearch(search)
  }, [search])
  useEffect(() => () => setPendingSearch(null), [])
  useEffect(() => void (latestOnSearch.current = onSearch))
  useEffect(() => () => clearTimeout(timer.current), [])
  const flush = (typed: string) => {
    clearTimeout(timer.current)
    if (typed.trim() === requested.current) return
    requested.current = typed.trim()
    latestOnSearch.current(typed.trim())
  }
  const field = {
    value: text,
    onChange({ target: { value } }: ChangeEvent<HTMLInputElement>) {
      setText(value)
      setPendingSearch(value.trim())
      clearTimeout(timer.current)
      timer.current = setTimeout(() => flush(value), DEBOUNCE_MS)
    },
    onBlur: () => flush(text),
  }
  return field
}
