import { type ChangeEvent, useEffect, useRef, useState } from 'react'

const DEBOUNCE_MS = 250

/**
 * The text of a search field whose search lives in the address. `show` is asked for what stands in it once
 * nothing has been typed for a moment, or the field is left: later it would come in the way of the link that
 * was clicked.
 */
export function useDebouncedSearch(search: string, show: (search: string) => void) {
  const [text, setText] = useState(search)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const showNow = (typed: string) => {
    clearTimeout(timer.current)
    if (typed.trim() !== search) show(typed.trim())
  }
  const field = {
    value: text,
    onChange({ target: { value } }: ChangeEvent<HTMLInputElement>) {
      setText(value)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => showNow(value), DEBOUNCE_MS)
    },
    onBlur: () => showNow(text),
  }
  return [text, field] as const
}
