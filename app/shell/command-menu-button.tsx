'use client'

import * as messages from '@/lib/generated/messages/shell'
import * as shortcutMessages from '@/lib/generated/messages/shortcuts'
import { Search } from 'lucide-react'
import { type ComponentType, useEffect, useState } from 'react'
import { Button } from '@/app/ui/button'
import { type ShortcutGroup, useShortcutGroup } from '@/app/ui/shortcuts'
import { readModifierKey, useModifierKey } from '@/app/ui/use-modifier-key'
import type { CommandMenuProps } from './command-menu'
import { PendingCommandMenu } from './pending-command-menu'

const SHORTCUT_GROUP: ShortcutGroup = {
  title: shortcutMessages.everywhere,
  shortcuts: [{ keys: () => `${readModifierKey()}K`, label: shortcutMessages.openCommandMenu }],
}

const loadMenu = () => import('./command-menu')

/** Opens the command menu, as ⌘K or Ctrl K does. The menu is loaded when it is needed; what is typed until then is kept, also Enter. */
export function CommandMenuButton({ isAdmin }: { isAdmin: boolean }) {
  const [isOpen, setOpen] = useState(false)
  const [text, setText] = useState('')
  const [isConfirmed, setConfirmed] = useState(false)
  const [CommandMenu, setCommandMenu] = useState<ComponentType<CommandMenuProps>>()
  const modifierKey = useModifierKey()
  useShortcutGroup(SHORTCUT_GROUP)
  useEffect(() => {
    const handleKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'k' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      setOpen((current) => !current)
    }
    window.addEventListener('keydown', handleKeyDown)
    return () => window.removeEventListener('keydown', handleKeyDown)
  }, [])
  useEffect(() => {
    if (isOpen) void loadMenu().then((loaded) => setCommandMenu(() => loaded.default))
  }, [isOpen])
  const close = () => {
    setOpen(false)
    setText('')
    setConfirmed(false)
  }
  return (
    <>
      <Button
        variant="ghost"
        onClick={() => setOpen(true)}
        onPointerEnter={() => void loadMenu()}
        onFocus={() => void loadMenu()}
      >
        <Search className="size-4" aria-hidden />
        <span className="sr-only">{messages.search()}</span>
        <kbd aria-hidden className="font-sans text-sm max-sm:hidden">
          {modifierKey}K
        </kbd>
      </Button>
      {CommandMenu && (
        <CommandMenu
          isOpen={isOpen}
          isAdmin={isAdmin}
          text={text}
          isConfirmed={isConfirmed}
          onTextChange={setText}
          onClose={close}
        />
      )}
      {isOpen && !CommandMenu && (
        <PendingCommandMenu
          text={text}
          onTextChange={setText}
          onConfirm={() => setConfirmed(true)}
          onClose={close}
        />
      )}
    </>
  )
}
