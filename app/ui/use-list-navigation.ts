'use client'

import { useCallback, useEffect, useState } from 'react'

/** What a row of a list that is gone through by keys carries; `data-key` is its id. */
const ROW_SELECTOR = '[data-row]'

export const isEditableTarget = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/**
 * Keys for the lists of a page: j and k go down and up through the rows, Enter follows the row's link
 * as always, x chooses the row. A row is a link, `data-row` is its id.
 */
export function useListNavigation({ onChoose }: { onChoose?(id: string): void } = {}) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isEditableTarget(event.target)) return
      const rows = [...document.querySelectorAll<HTMLElement>(ROW_SELECTOR)]
      const at = rows.findIndex((row) => row === document.activeElement)
      if (event.key === 'j') rows[Math.min(at + 1, rows.length - 1)]?.focus()
      if (event.key === 'k') rows[Math.max(at - 1, 0)]?.focus()
      if (event.key === 'x' && at >= 0) onChoose?.(rows[at]!.dataset.row!)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [onChoose])
}

/** Which rows are chosen. */
export function useRowSelection() {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const toggle = useCallback(
    (id: string) =>
      setChosen((now) =>
        now.has(id) ? new Set([...now].filter((one) => one !== id)) : new Set([...now, id]),
      ),
    [],
  )
  return { chosen, toggle, clear: () => setChosen(new Set()) }
}
