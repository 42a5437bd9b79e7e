'use client'

import { useRouter } from 'next/navigation'
import { Input } from '@/app/components/ui/input'
import { useSearchText } from '@/app/components/use-search-text'
import type { TaskDto } from '@/lib/tasks/contract'

interface Asked {
  state?: TaskDto['state']
  search: string
}

export function addressOf({ state, search }: Asked) {
  const query = new URLSearchParams({ ...(state && { state }), ...(search && { search }) }).toString()
  return query ? `/activity?${query}` : '/activity'
}

/** What is searched lives in the address, so that going back finds it. */
export function ActivitySearch({ state, search }: Asked) {
  const router = useRouter()
  const [, field] = useSearchText(search, (typed) =>
    router.replace(addressOf({ state, search: typed }), { scroll: false }),
  )
  return <Input type="search" aria-label="Search activity" placeholder="Search" {...field} />
}
