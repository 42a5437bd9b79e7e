'use client'

import { useEffect } from 'react'
import { isEditableTarget } from './is-editable-target'

const ROW_SELECTOR = '[data-row]'

/**
 * Keyboard shortcuts for the lists of a page: j and k move the focus, x toggles the selection (with Shift, of all rows from
 * the last one toggled), and Enter follows the focused link. A row is a link whose `data-row` attribute is its id.
 */
export function useListNavigation({
  onToggleSelection,
}: { onToggleSelection?(id: string, isRange: boolean): void } = {}) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      const rows = [...document.querySelectorAll<HTMLElement>(ROW_SELECTOR)]
      const focused = document.activeElement
      const index = rows.findIndex((row) => row === focused || isInRow(row, focused))
      if (event.key === 'j') rows[Math.min(index + 1, rows.length - 1)]?.focus()
      if (event.key === 'k') rows[Math.max(index - 1, 0)]?.focus()
      if (event.key.toLowerCase() === 'x' && index >= 0)
        onToggleSelection?.(rows[index]!.dataset.row!, event.shiftKey)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [onToggleSelection])
}

const isTyping = (target: EventTarget | null) => isEditableTarget(target) && !isCheckbox(target)

/** Whether the checkbox or a button of a row has the focus. */
const isInRow = (row: HTMLElement, focused: Element | null) =>
  focused !== document.body && row.closest('li')?.contains(focused) === true

const isCheckbox = (target: EventTarget | null) =>
  target instanceof HTMLInputElement && target.type === 'checkbox'
