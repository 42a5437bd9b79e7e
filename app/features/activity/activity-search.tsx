'use client'

import * as messages from '@/lib/generated/messages/activity'
import { useRouter } from 'next/navigation'
import { Input } from '@/app/ui/input'
import { useDebouncedSearch } from '@/app/ui/use-debounced-search'
import { type ActivityFilter, activityUrl } from './activity-url'

export function ActivitySearch({ state, search }: ActivityFilter) {
  const router = useRouter()
  const field = useDebouncedSearch(search, (next) =>
    router.replace(activityUrl({ state, search: next }), { scroll: false }),
  )
  return <Input type="search" aria-label={messages.search()} placeholder={messages.search()} {...field} />
}
