import { useEffect, useEffectEvent, useState } from 'react'

const TYPING_PAUSE_MS = 250

/**
 * The text of a search field whose search lives in the address. `show` is asked for what stands in it once
 * nothing has been typed for a moment and `search` is another.
 */
export function useSearchText(search: string, show: (search: string) => void) {
  const [text, setText] = useState(search)
  const showNow = useEffectEvent(show)
  useEffect(() => {
    const next = text.trim()
    if (next === search) return
    const timer = setTimeout(() => showNow(next), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, search])
  return [text, setText] as const
}
