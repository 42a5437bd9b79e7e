import { type ChangeEvent, useEffect, useRef, useState } from 'react'

const DEBOUNCE_MS = 250

/**
 * A search field whose query is stored in the URL. Calls `onSearch` when typing pauses or the field loses focus; a later
 * call would interfere with the navigation of a clicked link.
 */
export function useDebouncedSearch(search: string, onSearch: (search: string) => void) {
  const [text, setText] = useState(search)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const flush = (typed: string) => {
    clearTimeout(timer.current)
    if (typed.trim() !== search) onSearch(typed.trim())
  }
  const field = {
    value: text,
    onChange({ target: { value } }: ChangeEvent<HTMLInputElement>) {
      setText(value)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => flush(value), DEBOUNCE_MS)
    },
    onBlur: () => flush(text),
  }
  return [text, field] as const
}
