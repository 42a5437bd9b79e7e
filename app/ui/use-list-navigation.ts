'use client'

import { useEffect } from 'react'
import { isEditableTarget } from './is-editable-target'

const ROW_SELECTOR = '[data-row]'

/**
 * Keyboard shortcuts for the lists of a page: j and k move the focus, x toggles the selection, and Enter follows the
 * focused link. A row is a link whose `data-row` attribute is its id.
 */
export function useListNavigation({ onToggleSelection }: { onToggleSelection?(id: string): void } = {}) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isEditableTarget(event.target)) return
      const rows = [...document.querySelectorAll<HTMLElement>(ROW_SELECTOR)]
      const index = rows.findIndex((row) => row === document.activeElement)
      if (event.key === 'j') rows[Math.min(index + 1, rows.length - 1)]?.focus()
      if (event.key === 'k') rows[Math.max(index - 1, 0)]?.focus()
      if (event.key === 'x' && index >= 0) onToggleSelection?.(rows[index]!.dataset.row!)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [onToggleSelection])
}
