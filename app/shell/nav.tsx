'use client'

import * as messages from '@/lib/generated/messages/shell'
import { usePathname } from 'next/navigation'
import { Link } from '@/app/ui/link'
import { mainPages } from './main-pages'

/** Navigation in the header, hidden on phones. */
export function MainNav() {
  const ariaCurrent = useAriaCurrent()
  return (
    <nav aria-label={messages.mainNavigation()} className="flex gap-1 max-sm:hidden">
      {mainPages.slice(1).map(({ href, name }) => (
        <Link
          key={href}
          href={href}
          aria-current={ariaCurrent(href)}
          className="rounded-md px-3 py-1.5 text-muted-foreground hover:text-foreground aria-[current=page]:bg-muted aria-[current=page]:text-foreground"
        >
          {name()}
        </Link>
      ))}
    </nav>
  )
}

/** Navigation at the bottom of a phone’s screen. */
export function MobileNav() {
  const ariaCurrent = useAriaCurrent()
  return (
    <nav
      aria-label={messages.mainNavigation()}
      className="fixed inset-x-0 bottom-0 z-30 flex justify-around border-t bg-background px-2 pt-1 pb-[max(0.25rem,env(safe-area-inset-bottom))] sm:hidden"
    >
      {mainPages.map(({ href, name, Icon }) => (
        <Link
          key={href}
          href={href}
          aria-current={ariaCurrent(href)}
          className="flex min-w-20 flex-col items-center gap-0.5 rounded-md py-1.5 text-xs text-muted-foreground aria-[current=page]:text-primary"
        >
          <Icon className="size-5" aria-hidden />
          {name()}
        </Link>
      ))}
    </nav>
  )
}

function useAriaCurrent() {
  const pathname = usePathname()
  return (href: string) =>
    (href === '/' ? pathname === href : pathname.startsWith(href)) ? ('page' as const) : undefined
}
