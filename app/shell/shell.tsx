'use client'

import {
  Activity,
  Clapperboard,
  House,
  Layers,
  LogOut,
  Moon,
  Search,
  Server,
  ShieldAlert,
  Sun,
  UserRound,
} from 'lucide-react'
import { Link } from '@/app/ui/link'
import { usePathname } from 'next/navigation'
import { useTheme } from 'next-themes'
import { type ReactNode, useState } from 'react'
import { signOut } from '@/app/features/account/auth-client'
import { useLive } from '@/app/live/live-provider'
import { useNotifications } from '@/app/features/tasks/use-notifications'
import { useTabProgress } from './use-tab-progress'
import { CommandMenu } from './command-menu'
import { Logo } from './logo'
import { HealthBanner } from './health-banner'
import { Button } from '../ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '../ui/dropdown-menu'

const navItems = [
  { href: '/', name: 'Home', Icon: House },
  { href: '/videos', name: 'Videos', Icon: Clapperboard },
  { href: '/machines', name: 'Machines', Icon: Server },
  { href: '/activity', name: 'Activity', Icon: Activity },
]

export interface ShellUser {
  email: string
  isAdmin: boolean
}

/** What surrounds every page: places to go, and whether what is shown is live. */
export function Shell({ person, children }: { person: ShellUser; children: ReactNode }) {
  const { tasks, videos, machines } = useLive()
  const [isSearching, setSearching] = useState(false)
  useTabProgress(tasks.filter((task) => task.state === 'in_progress').map((task) => task.progress))
  useNotifications({ tasks, videos, machines })
  return (
    <>
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-card p-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <header className="sticky top-0 z-20 border-b bg-background/85 backdrop-blur">
        <div className="mx-auto flex h-14 max-w-6xl items-center gap-1 px-4">
          <Link href="/" className="mr-3 flex items-center gap-2 rounded-md font-semibold">
            <Logo />
            Meanwhile
          </Link>
          <MainNav />
          <div className="ml-auto flex items-center gap-1">
            <Button variant="ghost" onClick={() => setSearching(true)}>
              <Search className="size-4" aria-hidden />
              <span className="sr-only">Find or do anything</span>
              <kbd aria-hidden className="font-sans text-sm max-sm:hidden">
                ⌘K
              </kbd>
            </Button>
            <UserMenu person={person} />
          </div>
        </div>
      </header>
      {person.isAdmin && <HealthBanner />}
      <ConnectionBanner />
      <main id="content" className="mx-auto max-w-6xl px-4 py-6 pb-36 sm:py-8">
        {children}
      </main>
      <MobileNav />
      <CommandMenu isOpen={isSearching} isAdmin={person.isAdmin} onOpenChange={setSearching} />
    </>
  )
}

/** In the header; on a phone `PhonePlaces` stand for it. */
function MainNav() {
  const isHere = useAriaCurrent()
  return (
    <nav aria-label="Main" className="flex gap-1 max-sm:hidden">
      {navItems.slice(1).map(({ href, name }) => (
        <Link
          key={href}
          href={href}
          aria-current={isHere(href)}
          className="rounded-md px-3 py-1.5 text-muted-foreground hover:text-foreground aria-[current=page]:bg-muted aria-[current=page]:text-foreground"
        >
          {name}
        </Link>
      ))}
    </nav>
  )
}

/** At the thumb. */
function MobileNav() {
  const isHere = useAriaCurrent()
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex justify-around border-t bg-background px-2 pt-1 pb-[max(0.25rem,env(safe-area-inset-bottom))] sm:hidden"
    >
      {navItems.map(({ href, name, Icon }) => (
        <Link
          key={href}
          href={href}
          aria-current={isHere(href)}
          className="flex min-w-20 flex-col items-center gap-0.5 rounded-md py-1.5 text-xs text-muted-foreground aria-[current=page]:text-primary"
        >
          <Icon className="size-5" aria-hidden />
          {name}
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

function UserMenu({ person }: { person: ShellUser }) {
  const { resolvedTheme, setTheme } = useTheme()
  const isDark = resolvedTheme === 'dark'
  return (
    <DropdownMenu>
      <DropdownMenuTrigger className="grid size-8 place-items-center rounded-full bg-muted text-sm font-medium uppercase max-sm:size-9">
        <span aria-hidden>{person.email[0]}</span>
        <span className="sr-only">Your account</span>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <p className="max-w-60 truncate px-2.5 py-1.5 text-sm text-muted-foreground">{person.email}</p>
        <DropdownMenuSeparator />
        <DropdownMenuItem asChild>
          <Link href="/account">
            <UserRound /> Account
          </Link>
        </DropdownMenuItem>
        {person.isAdmin && (
          <DropdownMenuItem asChild>
            <Link href="/admin">
              <ShieldAlert /> This server
            </Link>
          </DropdownMenuItem>
        )}
        {person.isAdmin && (
          <DropdownMenuItem asChild>
            <Link href="/admin/queues">
              <Layers /> Queues
            </Link>
          </DropdownMenuItem>
        )}
        <DropdownMenuItem onSelect={() => setTheme(isDark ? 'light' : 'dark')}>
          {isDark ? <Sun /> : <Moon />} {isDark ? 'Light' : 'Dark'}
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => void signOut()}>
          <LogOut /> Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}

function ConnectionBanner() {
  const { isConnected, lastSyncAt: heardAt } = useLive()
  if (isConnected) return null
  const time = heardAt && new Date(heardAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  return (
    <p role="status" className="border-b bg-muted px-4 py-1.5 text-center text-sm text-muted-foreground">
      Not connected.{time ? ` Showing ${time}.` : ''}
    </p>
  )
}
