'use client'

import { useEffect } from 'react'

export interface ShortcutGroup {
  title(): string
  hint?(): string
  /** Both are shown to the user. */
  shortcuts: readonly { keys(): string; label(): string }[]
}

const groups = new Set<ShortcutGroup>()
const listeners = new Set<() => void>()
let isOpen = false

/** The shortcuts that the current page adds. */
export const pageShortcutGroups = () => [...groups]

/** Adds shortcuts to the sheet while a component is mounted. `group` must not change. */
export function useShortcutGroup(group: ShortcutGroup) {
  useEffect(() => {
    groups.add(group)
    return () => void groups.delete(group)
  }, [group])
}

export function setShortcutSheetOpen(next: boolean) {
  isOpen = next
  for (const listener of listeners) listener()
}

/** Whether the sheet of shortcuts is shown. */
export const shortcutSheetState = {
  subscribe(listener: () => void) {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
  read: () => isOpen,
  readOnServer: () => false,
}
