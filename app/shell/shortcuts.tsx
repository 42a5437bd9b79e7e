'use client'

import { useEffect, useSyncExternalStore } from 'react'
import { loadLater } from '@/app/ui/load-later'
import { isPageShortcut } from '@/app/ui/page-shortcut'
import { setShortcutSheetOpen, shortcutSheetState } from '@/app/ui/shortcuts'
import { useKeptFocus } from '@/app/ui/use-kept-focus'
import { useListNavigation } from '@/app/ui/use-list-navigation'

const ShortcutSheet = loadLater(async () => (await import('./shortcut-sheet')).ShortcutSheet)

/** What every page has for the keyboard: lists, a focus that is never lost, and a sheet of the shortcuts, opened by "?". */
export function Shortcuts() {
  const { subscribe, read, readOnServer } = shortcutSheetState
  const isOpen = useSyncExternalStore(subscribe, read, readOnServer)
  useListNavigation()
  useKeptFocus()
  useEffect(() => {
    const handleKeyDown = (event: KeyboardEvent) => {
      if (event.key !== '?' || !isPageShortcut(event)) return
      event.preventDefault()
      setShortcutSheetOpen(true)
    }
    window.addEventListener('keydown', handleKeyDown)
    return () => window.removeEventListener('keydown', handleKeyDown)
  }, [])
  return isOpen && <ShortcutSheet />
}
