'use client'

import NextLink, { useLinkStatus } from 'next/link'
import type { ComponentProps } from 'react'
import * as commonMessages from '@/lib/generated/messages/common'
import { createPortal } from 'react-dom'

/**
 * Next's link without prefetching: every page is rendered per request, so a list of a hundred links would cause a
 * hundred renders. A navigation that takes longer than a moment shows a loading indicator.
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

/** Fades in after a delay, so fast navigations do not show it. */
const LoadingIndicator = () => (
  <p
    role="status"
    className="fixed inset-x-0 top-2 z-50 mx-auto w-fit animate-late rounded-full border bg-card px-3 py-1 text-sm shadow-sm"
  >
    {commonMessages.loading()}
  </p>
)
