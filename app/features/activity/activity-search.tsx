'use client'

import { useRouter } from 'next/navigation'
import { Input } from '@/app/ui/input'
import { useDebouncedSearch } from '@/app/ui/use-debounced-search'
import { type ActivityFilter, activityUrl } from './activity-url'

export function ActivitySearch({ state, search }: ActivityFilter) {
  const router = useRouter()
  const field = useDebouncedSearch(search, (next) =>
    router.replace(activityUrl({ state, search: next }), { scroll: false }),
  )
  return <Input type="search" aria-label="Search activity" placeholder="Search activity" {...field} />
}
