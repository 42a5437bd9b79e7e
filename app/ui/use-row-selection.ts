'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { toggleRow } from './toggle-row'

/**
 * The selected rows of a list. `toggle` is a stable function: it selects or deselects a row, or with `isRange` all rows from
 * the last one toggled. `ids` are the rows in their order.
 */
export function useRowSelection(ids: readonly string[] = []) {
  const [selectedIds, setSelectedIds] = useState<ReadonlySet<string>>(new Set())
  const anchor = useRef<string>(undefined)
  const order = useRef(ids)
  useEffect(() => void (order.current = ids))
  const toggle = useCallback((id: string, isRange = false) => {
    const from = isRange ? anchor.current : undefined
    anchor.current = id
    setSelectedIds((selected) => toggleRow(selected, { id, from, order: order.current }))
  }, [])
  const select = useCallback((selected: readonly string[]) => {
    anchor.current = undefined
    setSelectedIds(new Set(selected))
  }, [])
  return { selectedIds, toggle, select }
}
