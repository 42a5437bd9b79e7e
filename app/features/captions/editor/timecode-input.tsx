'use client'

import { type KeyboardEvent, useState } from 'react'
import * as messages from '@/lib/generated/messages/caption-editor'
import { parseTimecode, formatTimecode } from './timecode'

interface Props {
  label: string
  seconds: number
  onChange(seconds: number): void
}

/** A time that is typed, or adjusted by 0.1 s with the arrow keys, or by 1 s with Shift. */
export function TimecodeInput({ label, seconds, onChange }: Props) {
  const [typed, setTyped] = useState<string | null>(null)
  const isInvalid = typed !== null && parseTimecode(typed) === null
  function commit() {
    const parsed = typed === null ? null : parseTimecode(typed)
    setTyped(null)
    if (parsed !== null && typed !== formatTimecode(seconds)) onChange(parsed)
  }
  function handleKeyDown(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === 'Enter') return commit()
    if (event.key === 'Escape') return setTyped(null)
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key]
    if (!direction) return
    event.preventDefault()
    const from = (typed === null ? null : parseTimecode(typed)) ?? seconds
    setTyped(null)
    onChange(from + direction * (event.shiftKey ? 1 : 0.1))
  }
  return (
    <input
      aria-label={label}
      aria-invalid={isInvalid}
      title={messages.timecodeHint()}
      inputMode="decimal"
      className="h-7 w-[5.5rem] rounded border bg-card px-2 text-sm text-foreground tabular-nums aria-[invalid=true]:border-destructive max-sm:h-9 max-sm:text-lg"
      value={typed ?? formatTimecode(seconds)}
      onChange={(event) => setTyped(event.target.value)}
      onKeyDown={handleKeyDown}
      onBlur={commit}
    />
  )
}
