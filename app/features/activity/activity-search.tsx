'use client'

import { useRouter } from 'next/navigation'
import { Input } from '@/app/ui/input'
import { useDebouncedSearch } from '@/app/ui/use-debounced-search'
import type { TaskDto } from '@/lib/tasks/schema'

interface ActivityFilter {
  state?: TaskDto['state']
  search: string
}

export function activityUrl({ state, search }: ActivityFilter) {
  const query = new URLSearchParams({ ...(state && { state }), ...(search && { search }) }).toString()
  return query ? `/activity?${query}` : '/activity'
}

/** What is searched lives in the address, so that going back finds it. */
export function ActivitySearch({ state, search }: ActivityFilter) {
  const router = useRouter()
  const [, field] = useDebouncedSearch(search, (typed) =>
    router.replace(activityUrl({ state, search: typed }), { scroll: false }),
  )
  return <Input type="search" aria-label="Search activity" placeholder="Search" {...field} />
}
