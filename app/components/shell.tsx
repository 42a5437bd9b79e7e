'use client'

import { Moon } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTheme } from 'next-themes'
import { type ReactNode, useEffect } from 'react'
import { useLive } from '@/app/live/live'
import { Button } from './button'
import { Mark } from './mark'

const places = [
  { href: '/videos', name: 'Videos' },
  { href: '/activity', name: 'Activity' },
]

/** What surrounds every page: places to go, and whether what is shown is live. */
export function Shell({ email, children }: { email: string; children: ReactNode }) {
  const pathname = usePathname()
  const { resolvedTheme, setTheme } = useTheme()
  const { tasks, isConnected, heardAt } = useLive()
  useTitleShare(tasks.filter((task) => task.state === 'in_progress').map((task) => task.progress))
  return (
    <>
      <header className="sticky top-0 z-20 border-b bg-page">
        <div className="mx-auto flex h-14 max-w-5xl items-center gap-1 px-4">
          <Link href="/" className="mr-3 flex items-center gap-2 font-semibold">
            <Mark />
            <span className="max-sm:sr-only">Meanwhile</span>
          </Link>
          <nav aria-label="Main" className="flex gap-1">
            {places.map(({ href, name }) => (
              <Link
                key={href}
                href={href}
                aria-current={pathname.startsWith(href) ? 'page' : undefined}
                className="rounded-md px-3 py-1.5 text-soft hover:text-ink aria-[current=page]:bg-sunken aria-[current=page]:text-ink"
              >
                {name}
              </Link>
            ))}
          </nav>
          <div className="ml-auto flex items-center gap-1">
            <Button
              look="quiet"
              size="icon"
              aria-label="Switch between light and dark"
              onClick={() => setTheme(resolvedTheme === 'dark' ? 'light' : 'dark')}
            >
              <Moon className="size-4" />
            </Button>
            <Link
              href="/account"
              aria-label="Your account"
              className="grid size-8 place-items-center rounded-full bg-sunken text-sm font-medium uppercase"
            >
              {email[0]}
            </Link>
          </div>
        </div>
      </header>
      {!isConnected && (
        <p role="status" className="border-b bg-sunken px-4 py-1.5 text-center text-sm text-soft">
          Not connected.
          {heardAt
            ? ` Showing ${new Date(heardAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}.`
            : ''}
        </p>
      )}
      <main className="mx-auto max-w-5xl px-4 py-8 pb-32">{children}</main>
    </>
  )
}

/** "(42 %) Meanwhile": the share done of what runs, in the title of the tab. */
function useTitleShare(shares: number[]) {
  const share = shares.length
    ? Math.round((100 * shares.reduce((sum, value) => sum + value, 0)) / shares.length)
    : null
  useEffect(() => {
    const plain = document.title.replace(/^\(\d+ %\) /, '')
    document.title = share === null ? plain : `(${share} %) ${plain}`
  }, [share])
}
