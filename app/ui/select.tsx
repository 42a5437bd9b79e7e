'use client'

import { useEffect } from 'react'
import { cn } from './cn'

interface Props<T extends string> {
  label: string
  value: T
  /** Value and label of each option, in order. */
  options: readonly (readonly [T, string])[]
  className?: string
  onChange(value: T): void
}

/** The browser's own, which phones show in their way; globals.css styles its list where browsers can. */
export function Select<T extends string>({ label, value, options, className, onChange }: Props<T>) {
  useEffect(keepEscapeInOpenList, [])
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value as T)}
      className={cn(
        'select h-9 max-w-full cursor-pointer rounded-md border bg-card px-3 whitespace-nowrap hover:bg-muted max-sm:h-10',
        className,
      )}
    >
      {options.map(([key, name]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  )
}

/** Escape closes an open list only, and not also the dialog around it, which would keep the browser from closing the list. */
function keepEscapeInOpenList() {
  if (!CSS.supports('selector(:open)')) return
  const stop = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && (event.target as Element).closest('select:open')) event.stopPropagation()
  }
  window.addEventListener('keydown', stop, true)
  return () => window.removeEventListener('keydown', stop, true)
}
