'use client'

import {
  Activity,
  Clapperboard,
  House,
  Layers,
  LogOut,
  Mail,
  MailX,
  Moon,
  Server,
  ShieldAlert,
  SquareTerminal,
  Upload,
  UserRound,
  Webhook,
} from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTheme } from 'next-themes'
import { useEffect, useState } from 'react'
import { signOut } from '@/app/features/account/auth-client'
import { TranscriptResults } from '@/app/features/captions/transcript-results'
import { useUploads } from '@/app/features/uploads/upload-provider'
import type { LiveRows } from '@/lib/realtime/schema'
import {
  CommandDialog,
  CommandEmpty,
  CommandGroup,
  CommandInput,
  CommandItem,
  CommandList,
} from '../ui/command'

interface Props {
  isOpen: boolean
  isAdmin: boolean
  onOpenChange(isOpen: boolean): void
}

/** ⌘K: goes anywhere, does anything, finds any video, machine, and word that was said. */
export function CommandMenu({ isOpen, isAdmin, onOpenChange }: Props) {
  const [text, setText] = useState('')
  const router = useRouter()
  const { resolvedTheme, setTheme } = useTheme()
  const { openFilePicker: choose } = useUploads()
  const { videos, machines } = useCommandSearch(isOpen, text)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'k' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      onOpenChange(!isOpen)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [isOpen, onOpenChange])
  const run = (action: () => void) => () => {
    onOpenChange(false)
    setText('')
    action()
  }
  const go = (to: string) => run(() => router.push(to))
  const isDark = resolvedTheme === 'dark'
  return (
    <CommandDialog open={isOpen} onOpenChange={onOpenChange} label="Find or do anything">
      <CommandInput
        placeholder="Find a video, a machine or what was said, go somewhere, do something"
        value={text}
        onValueChange={setText}
      />
      <CommandList>
        <CommandEmpty className="py-8 text-center text-muted-foreground">
          Nothing is called that, and nobody says it.
        </CommandEmpty>
        <CommandGroup heading="Do">
          <CommandItem onSelect={run(choose)}>
            <Upload /> Upload videos
          </CommandItem>
          <CommandItem onSelect={go('/machines/new')}>
            <Server /> Order a machine
          </CommandItem>
          <CommandItem onSelect={run(() => setTheme(isDark ? 'light' : 'dark'))}>
            <Moon /> Switch to {isDark ? 'light' : 'dark'}
          </CommandItem>
          <CommandItem onSelect={run(() => void signOut())}>
            <LogOut /> Sign out
          </CommandItem>
        </CommandGroup>
        <CommandGroup heading="Go to">
          <CommandItem onSelect={go('/')}>
            <House /> Home
          </CommandItem>
          <CommandItem onSelect={go('/videos')}>
            <Clapperboard /> All videos
          </CommandItem>
          <CommandItem onSelect={go('/machines')}>
            <Server /> All machines
          </CommandItem>
          <CommandItem onSelect={go('/activity')}>
            <Activity /> Activity
          </CommandItem>
          <CommandItem onSelect={go('/account')}>
            <UserRound /> Account and API keys
          </CommandItem>
          <CommandItem onSelect={go('/account/webhooks')}>
            <Webhook /> Webhooks
          </CommandItem>
          {isAdmin && (
            <CommandItem onSelect={go('/admin')}>
              <ShieldAlert /> This server
            </CommandItem>
          )}
          {isAdmin && (
            <>
              <CommandItem onSelect={go('/admin/queues')}>
                <Layers /> Queues: pause, resume, schedules
              </CommandItem>
              <CommandItem onSelect={go('/admin/dead-letters')}>
                <MailX /> Dead letters
              </CommandItem>
              <CommandItem onSelect={go('/admin/mail')}>
                <Mail /> Mail: sent, failed, templates
              </CommandItem>
              <CommandItem onSelect={go('/admin/tasks')}>
                <Activity /> Tasks of everybody
              </CommandItem>
            </>
          )}
        </CommandGroup>
        {videos.length > 0 && (
          <CommandGroup heading="Videos">
            {videos.map((video) => (
              <CommandItem
                key={video.id}
                value={`${video.title} ${video.id}`}
                onSelect={go(`/videos/${video.id}`)}
              >
                <Clapperboard />
                <span className="truncate">{video.title}</span>
              </CommandItem>
            ))}
          </CommandGroup>
        )}
        <TranscriptResults query={text} onGo={(to) => go(to)()} />
        {machines.length > 0 && (
          <CommandGroup heading="Machines">
            {machines.map((machine) => (
              <CommandItem
                key={machine.id}
                value={`${machine.name} ${machine.id}`}
                onSelect={go(`/machines/${machine.id}`)}
              >
                <SquareTerminal />
                <span className="truncate">{machine.name}</span>
              </CommandItem>
            ))}
          </CommandGroup>
        )}
      </CommandList>
    </CommandDialog>
  )
}

const DEBOUNCE_MS = 150

type SearchResults = Pick<LiveRows, 'videos' | 'machines'>

function useCommandSearch(isOpen: boolean, search: string) {
  const [found, setFound] = useState<SearchResults>({ videos: [], machines: [] })
  useEffect(() => {
    if (!isOpen) return
    const stop = new AbortController()
    const query = new URLSearchParams({ search: search.trim(), limit: '8' })
    const timer = setTimeout(() => {
      for (const what of ['videos', 'machines'] as const)
        fetch(`/api/v1/${what}?${query.toString()}`, { signal: stop.signal })
          .then((answer) => answer.json() as Promise<Partial<SearchResults>>)
          .then(
            (now) => setFound((before) => ({ ...before, [what]: now[what] ?? [] })),
            () => undefined,
          )
    }, DEBOUNCE_MS)
    return () => (clearTimeout(timer), stop.abort())
  }, [isOpen, search])
  return found
}
