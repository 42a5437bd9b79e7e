'use client'

import { usePathname } from 'next/navigation'
import { Link } from '@/app/ui/link'
import { adminPages } from './admin-pages'
import * as messages from '@/lib/generated/messages/admin'

/** Navigation between the pages for administrators. */
export function AdminNav() {
  const pathname = usePathname()
  const isCurrent = (href: string) => (href === '/admin' ? pathname === href : pathname.startsWith(href))
  return (
    <nav aria-label={messages.administration()} className="flex gap-1 overflow-x-auto border-b">
      {adminPages.map(({ href, name }) => (
        <Link
          key={href}
          href={href}
          aria-current={isCurrent(href) ? 'page' : undefined}
          className="-mb-px shrink-0 border-b-2 border-transparent px-3 py-2 text-muted-foreground max-sm:px-2 hover:text-foreground aria-[current=page]:border-primary aria-[current=page]:text-foreground"
        >
          {name()}
        </Link>
      ))}
    </nav>
  )
}
