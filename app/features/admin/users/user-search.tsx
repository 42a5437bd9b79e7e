'use client'

import { useRouter } from 'next/navigation'
import { Input } from '@/app/ui/input'
import { useDebouncedSearch } from '@/app/ui/use-debounced-search'
import * as messages from '@/lib/generated/messages/admin-users'

export function UserSearch({ search }: { search: string }) {
  const router = useRouter()
  const field = useDebouncedSearch(search, (next) =>
    router.replace(`/admin/users?${new URLSearchParams({ search: next })}`, { scroll: false }),
  )
  return (
    <Input
      type="search"
      aria-label={messages.searchUsers()}
      placeholder={messages.searchUsersHint()}
      {...field}
    />
  )
}
