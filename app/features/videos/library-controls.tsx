'use client'

import { LoaderCircle } from 'lucide-react'
import { Input } from '@/app/ui/input'
import { Select } from '@/app/ui/select'
import { useDebouncedSearch } from '@/app/ui/use-debounced-search'
import { useUrlFilter } from '@/app/ui/use-url-filter'
import type { VideoSort } from '@/lib/videos/schema'
import { type LibraryFilter, libraryUrl } from './library-url'

const SORT_OPTIONS = [
  ['newest', 'Newest first'],
  ['oldest', 'Oldest first'],
  ['title', 'Title, A to Z'],
  ['longest', 'Longest first'],
  ['largest', 'Largest first'],
] as const satisfies readonly (readonly [VideoSort, string])[]

/** The search and sort controls. Both values are stored in the URL, so navigating back restores them. */
export function LibraryControls({ filter }: { filter: LibraryFilter }) {
  const { change, isPending } = useUrlFilter(filter, libraryUrl)
  const field = useDebouncedSearch(filter.search, (typed) => change({ search: typed }))
  return (
    <div className="flex flex-wrap gap-2">
      <div className="relative min-w-48 grow basis-0">
        <Input
          type="search"
          aria-label="Search videos"
          placeholder="Search titles and transcripts"
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
        value={filter.sort}
        options={SORT_OPTIONS}
        onChange={(selected) => change({ sort: selected })}
      />
    </div>
  )
}
