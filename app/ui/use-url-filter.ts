'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef, useTransition } from 'react'

/**
 * A filter that is stored in the URL. A change is added to the ones whose page is still loading, so that two fields that
 * are changed in quick succession both count.
 */
export function useUrlFilter<Filter extends object>(filter: Filter, toUrl: (filter: Filter) => string) {
  const router = useRouter()
  const [isPending, startTransition] = useTransition()
  const requested = useRef<Filter>(null)
  useEffect(() => {
    if (!isPending) requested.current = null
  }, [isPending])
  function change(part: Partial<Filter>) {
    const next = { ...(requested.current ?? filter), ...part }
    requested.current = next
    startTransition(() => router.replace(toUrl(next), { scroll: false }))
  }
  return { change, isPending }
}
