'use client'

import { useRouter } from 'next/navigation'
import type { MouseEvent, ReactNode } from 'react'
import { Link } from './link'
import { withPendingSearch } from './pending-search'

interface Props {
  label: string
  chips: readonly { href: string; label: string; isCurrent: boolean }[]
  /** Shown after the chips. */
  children?: ReactNode
}

/** Links that each filter a list by one value: one line to scroll on phones. */
export function FilterChips({ label, chips, children }: Props) {
  const router = useRouter()
  function open(event: MouseEvent, href: string) {
    const latest = withPendingSearch(href, window.location.href)
    if (latest === href || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    router.push(latest)
  }
  return (
    <nav
      aria-label={label}
      className="flex flex-wrap items-center gap-1.5 max-sm:-mx-4 max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:px-4 max-sm:py-1 max-sm:[scrollbar-width:none]"
    >
      {chips.map((chip) => (
        <Link
          key={chip.href}
          href={chip.href}
          onClick={(event) => open(event, chip.href)}
          aria-current={chip.isCurrent ? 'true' : undefined}
          className="flex h-8 shrink-0 items-center rounded-full border px-3 text-sm whitespace-nowrap text-muted-foreground tabular-nums hover:text-foreground aria-[current]:bg-foreground aria-[current]:text-background max-sm:h-9"
        >
          {chip.label}
        </Link>
      ))}
      {children}
    </nav>
  )
}
