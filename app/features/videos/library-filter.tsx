'use client'

import { LoaderCircle } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { Input } from '@/app/ui/input'
import { Select } from '@/app/ui/select'
import { useDebouncedSearch } from '@/app/ui/use-debounced-search'
import type { VideoSort } from '@/lib/videos/queries'

const SORT_OPTIONS = [
  ['newest', 'Newest first'],
  ['oldest', 'Oldest first'],
  ['title', 'By title'],
  ['longest', 'Longest first'],
  ['largest', 'Largest first'],
] as const satisfies readonly (readonly [VideoSort, string])[]

/** What is searched and how it is sorted; both live in the address, so that going back finds them. */
export function LibraryFilter({ search, sort }: { search: string; sort: VideoSort }) {
  const router = useRouter()
  const [isPending, startTransition] = useTransition()
  const show = (query: { search: string; sort: VideoSort }) =>
    startTransition(() =>
      router.replace(`/videos?${new URLSearchParams(query).toString()}`, { scroll: false }),
    )
  const [text, field] = useDebouncedSearch(search, (typed) => show({ search: typed, sort }))
  return (
    <div className="flex gap-2">
      <div className="relative grow">
        <Input
          type="search"
          aria-label="Search videos"
          placeholder="Search titles and what is said"
          {...field}
        />
        {isPending && (
          <LoaderCircle
            role="status"
            aria-label="Searching"
            className="absolute top-2.5 right-9 size-4 text-muted-foreground motion-safe:animate-spin"
          />
        )}
      </div>
      <Select
        label="Sort"
        value={sort}
        options={SORT_OPTIONS}
        onChange={(chosen) => show({ search: text.trim(), sort: chosen })}
      />
    </div>
  )
}
