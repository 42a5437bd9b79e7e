'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/shell'
import * as commandMenuMessages from '@/lib/generated/messages/command-menu'
import * as pageMessages from '@/lib/generated/messages/pages'
import * as shortcutMessages from '@/lib/generated/messages/shortcuts'
import {
  Bell,
  Clapperboard,
  Keyboard,
  Link2,
  LockKeyhole,
  LogOut,
  Moon,
  Server,
  SquareTerminal,
  Upload,
  UserRound,
  Webhook,
} from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { signOut } from '@/app/features/account/sign-out'
import { adminPages } from '@/app/features/admin/admin-pages'
import { TranscriptResults } from '@/app/features/captions/transcript-results'
import { useUploads } from '@/app/features/uploads/upload-provider'
import {
  CommandDialog,
  CommandEmpty,
  CommandGroup,
  CommandInput,
  CommandItem,
  CommandList,
} from '@/app/ui/command'
import { setShortcutSheetOpen } from '@/app/ui/shortcuts'
import { mainPages } from './main-pages'
import type { NavigationPage } from '@/app/ui/navigation-page'
import { useCommandSearch } from './use-command-search'
import { useThemeToggle } from './use-theme-toggle'

const accountPages = [
  { href: '/notifications', name: pageMessages.notifications, Icon: Bell },
  { href: '/account', name: pageMessages.accountAndKeys, Icon: UserRound },
  { href: '/account/webhooks', name: pageMessages.webhooks, Icon: Webhook },
  { href: '/archives', name: pageMessages.archives, Icon: LockKeyhole },
]

export interface CommandMenuProps {
  isOpen: boolean
  isAdmin: boolean
  text: string
  /** Enter was pressed before the menu was loaded. */
  isConfirmed: boolean
  onTextChange(text: string): void
  /** Also clears the text. */
  onClose(): void
}

/** Runs commands, opens pages, and finds videos, machines, and spoken words. */
export default function CommandMenu({
  isOpen,
  isAdmin,
  text,
  isConfirmed,
  onTextChange,
  onClose,
}: CommandMenuProps) {
  const router = useRouter()
  const { isDark, toggleTheme } = useThemeToggle()
  const { openFilePicker, openImportDialog } = useUploads()
  const { videos, machines } = useCommandSearch(isOpen, text)
  useEffect(() => (isOpen && isConfirmed ? confirmSelection() : undefined), [isOpen, isConfirmed])
  const run = (action: () => void) => () => {
    onClose()
    action()
  }
  const go = (href: string) => run(() => router.push(href))
  return (
    <CommandDialog isOpen={isOpen} onClose={onClose} label={messages.search()}>
      <CommandInput placeholder={messages.search()} value={text} onValueChange={onTextChange} />
      <CommandList>
        <CommandEmpty className="py-8 text-center text-muted-foreground">
          {commandMenuMessages.noResults()}
        </CommandEmpty>
        <CommandGroup heading={commandMenuMessages.actions()}>
          <CommandItem onSelect={run(openFilePicker)}>
            <Upload /> {commandMenuMessages.uploadVideos()}
          </CommandItem>
          <CommandItem onSelect={run(openImportDialog)}>
            <Link2 /> {commandMenuMessages.importLink()}
          </CommandItem>
          <CommandItem onSelect={go('/machines/new')}>
            <Server /> {commandMenuMessages.createMachine()}
          </CommandItem>
          <CommandItem onSelect={run(toggleTheme)}>
            <Moon /> {isDark ? commandMenuMessages.switchToLight() : commandMenuMessages.switchToDark()}
          </CommandItem>
          <CommandItem onSelect={run(() => setShortcutSheetOpen(true))}>
            <Keyboard /> {shortcutMessages.title()}
          </CommandItem>
          <CommandItem onSelect={run(() => void signOut())}>
            <LogOut /> {commonMessages.signOut()}
          </CommandItem>
        </CommandGroup>
        <CommandGroup heading={commandMenuMessages.goTo()}>
          {[...mainPages, ...accountPages, ...(isAdmin ? adminPages : [])].map((page: NavigationPage) => (
            <CommandItem key={page.href} keywords={page.keywords?.().split(' ')} onSelect={go(page.href)}>
              <page.Icon /> {page.name()}
            </CommandItem>
          ))}
        </CommandGroup>
        {videos.length > 0 && (
          <CommandGroup heading={pageMessages.videos()}>
            {videos.map((video) => (
              <CommandItem
                key={video.id}
                value={`${video.title} ${video.id}`}
                onSelect={go(`/videos/${video.id}`)}
              >
                <Clapperboard />
                <span className="truncate" dir="auto">
                  {video.title}
                </span>
              </CommandItem>
            ))}
          </CommandGroup>
        )}
        <TranscriptResults query={text} onGo={(href) => go(href)()} />
        {machines.length > 0 && (
          <CommandGroup heading={pageMessages.machines()}>
            {machines.map((machine) => (
              <CommandItem
                key={machine.id}
                value={`${machine.name} ${machine.id}`}
                onSelect={go(`/machines/${machine.id}`)}
              >
                <SquareTerminal />
                <span className="truncate" dir="auto">
                  {machine.name}
                </span>
              </CommandItem>
            ))}
          </CommandGroup>
        )}
      </CommandList>
    </CommandDialog>
  )
}

/** Presses Enter in the menu once an item is selected. Returns a function that stops. */
function confirmSelection() {
  const enter = () => {
    const input = document.querySelector('[cmdk-input]')
    if (input && document.querySelector('[cmdk-item][aria-selected="true"]'))
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    else frame = requestAnimationFrame(enter)
  }
  let frame = requestAnimationFrame(enter)
  return () => cancelAnimationFrame(frame)
}
