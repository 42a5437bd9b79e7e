'use client'

import { useRouter } from 'next/navigation'
import { Input } from '@/app/ui/input'
import { useDebouncedSearch } from '@/app/ui/use-debounced-search'

export function UserSearch({ search }: { search: string }) {
  const router = useRouter()
  const field = useDebouncedSearch(search, (next) =>
    router.replace(`/admin/users?${new URLSearchParams({ search: next })}`, { scroll: false }),
  )
  return <Input type="search" aria-label="Search users" placeholder="Search by email or name" {...field} />
}
