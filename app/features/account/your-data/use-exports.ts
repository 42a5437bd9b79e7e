'use client'

import { useCallback, useEffect, useState } from 'react'
import { isUnfinished } from '@/app/features/tasks/task-state'
import { fetchJson } from '@/app/ui/fetch-json'
import type { AccountExportDto } from '@/lib/accounts/export-schema'

const POLL_INTERVAL_MS = 2_000

/** The exports of the user, up to date while one is in progress. */
export function useExports(initial: AccountExportDto[]) {
  const [exports, setExports] = useState(initial)
  const load = useCallback(async () => {
    const result = await fetchJson<{ exports: AccountExportDto[] }>('/api/v1/account/exports')
    if (result) setExports(result.exports)
  }, [])
  const isPolling = exports.some(isUnfinished)
  useEffect(() => {
    if (!isPolling) return
    const timer = setInterval(() => void load(), POLL_INTERVAL_MS)
    return () => clearInterval(timer)
  }, [isPolling, load])
  return { exports, reload: load }
}
