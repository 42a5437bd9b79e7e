'use client'

import NextLink, { useLinkStatus } from 'next/link'
import type { ComponentProps } from 'react'
import { createPortal } from 'react-dom'

/**
 * Next's own, but nothing is asked for before somebody wants it: every page is made anew for each visit, and a list of
 * a hundred would ask the server for a hundred. A page that takes its time is told to be on its way.
 */
export function Link({ children, ...rest }: ComponentProps<typeof NextLink>) {
  return (
    <NextLink prefetch={false} {...rest}>
      {children}
      <PendingNavigation />
    </NextLink>
  )
}

function PendingNavigation() {
  const { pending } = useLinkStatus()
  return pending && createPortal(<LoadingIndicator />, document.body)
}

/** Seen only by who waits longer than a moment. */
const LoadingIndicator = () => (
  <p
    role="status"
    className="fixed inset-x-0 top-2 z-50 mx-auto w-fit animate-late rounded-full border bg-card px-3 py-1 text-sm shadow-sm"
  >
    Loading …
  </p>
)
