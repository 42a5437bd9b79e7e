'use client'

import { useEffect } from 'react'
import { focusedIndex, listRows, selectionCheckbox } from './list-rows'
import { isPageShortcut } from './page-shortcut'

/**
 * Keyboard shortcuts for the lists of every page: j and k move the focus, x toggles the selection (with Shift, of all rows
 * from the last one toggled), and Enter follows the focused link.
 */
export function useListNavigation() {
  useEffect(() => {
    window.addEventListener('keydown', handleKeyDown)
    return () => window.removeEventListener('keydown', handleKeyDown)
  }, [])
}

function handleKeyDown(event: KeyboardEvent) {
  const key = event.key.toLowerCase()
  if (!['j', 'k', 'x'].includes(key) || !isPageShortcut(event)) return
  const rows = listRows()
  const index = focusedIndex(rows, document.activeElement)
  if (key === 'j') rows[Math.min(index + 1, rows.length - 1)]?.focus()
  if (key === 'k') rows[Math.max(index - 1, 0)]?.focus()
  if (key === 'x' && index >= 0) toggleSelection(rows[index]!, event)
}

const toggleSelection = (row: HTMLElement, { shiftKey }: KeyboardEvent) =>
  selectionCheckbox(row)?.dispatchEvent(
    new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey }),
  )
