'use client'

import { useCallback, useState } from 'react'

export function useRowSelection() {
  const [selectedIds, setSelectedIds] = useState<ReadonlySet<string>>(new Set())
  const toggle = useCallback(
    (id: string) =>
      setSelectedIds((ids) =>
        ids.has(id) ? new Set([...ids].filter((other) => other !== id)) : new Set([...ids, id]),
      ),
    [],
  )
  return { selectedIds, toggle, clear: () => setSelectedIds(new Set()) }
}
