'use client'

import { Search } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import { Button } from '@/app/ui/button'
import { useModifierKey } from '@/app/ui/use-modifier-key'

const loadMenu = () => import('./command-menu')
const CommandMenu = dynamic(loadMenu)

/** Opens the command menu, as ⌘K or Ctrl K does. The menu is loaded when it is needed. */
export function CommandMenuButton({ isAdmin }: { isAdmin: boolean }) {
  const [isOpen, setOpen] = useState(false)
  const [isLoaded, setLoaded] = useState(false)
  const modifierKey = useModifierKey()
  useEffect(() => {
    const handleKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'k' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      setLoaded(true)
      setOpen((current) => !current)
    }
    window.addEventListener('keydown', handleKeyDown)
    return () => window.removeEventListener('keydown', handleKeyDown)
  }, [])
  const open = () => {
    setLoaded(true)
    setOpen(true)
  }
  return (
    <>
      <Button
        variant="ghost"
        onClick={open}
        onPointerEnter={() => void loadMenu()}
        onFocus={() => void loadMenu()}
      >
        <Search className="size-4" aria-hidden />
        <span className="sr-only">Search or run a command</span>
        <kbd aria-hidden className="font-sans text-sm max-sm:hidden">
          {modifierKey}K
        </kbd>
      </Button>
      {isLoaded && <CommandMenu isOpen={isOpen} isAdmin={isAdmin} onOpenChange={setOpen} />}
    </>
  )
}
