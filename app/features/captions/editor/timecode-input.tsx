'use client'

import { type KeyboardEvent, useState } from 'react'
import { parseTimecode, formatTimecode } from './timecode'

interface Props {
  label: string
  seconds: number
  onChange(seconds: number): void
}

/** A moment that is typed, or nudged: up and down by a tenth of a second, with Shift by a whole one. */
export function TimecodeInput({ label, seconds, onChange }: Props) {
  const [typed, setTyped] = useState<string | null>(null)
  const isWrong = typed !== null && parseTimecode(typed) === null
  function finish() {
    const wanted = typed === null ? null : parseTimecode(typed)
    setTyped(null)
    if (wanted !== null && typed !== formatTimecode(seconds)) onChange(wanted)
  }
  function press(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === 'Enter') return finish()
    if (event.key === 'Escape') return setTyped(null)
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key]
    if (!way) return
    event.preventDefault()
    const from = (typed === null ? null : parseTimecode(typed)) ?? seconds
    setTyped(null)
    onChange(from + way * (event.shiftKey ? 1 : 0.1))
  }
  return (
    <input
      aria-label={label}
      aria-invalid={isWrong}
      title="↑ and ↓ move it by 0.1 s, with Shift by 1 s"
      inputMode="decimal"
      className="h-7 w-[5.5rem] rounded border bg-card px-2 text-sm text-foreground tabular-nums aria-[invalid=true]:border-destructive max-sm:h-9 max-sm:text-lg"
      value={typed ?? formatTimecode(seconds)}
      onChange={(event) => setTyped(event.target.value)}
      onKeyDown={press}
      onBlur={finish}
    />
  )
}
