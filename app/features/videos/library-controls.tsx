'use client'

import { LoaderCircle } from 'lucide-react'
import { Input } from '@/app/ui/input'
import { Select } from '@/app/ui/select'
import { useDebouncedSearch } from '@/app/ui/use-debounced-search'
import { useUrlFilter } from '@/app/ui/use-url-filter'
import type { VideoSort } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/library'
import { type LibraryFilter, libraryUrl } from './library-url'

const sortOptions = () =>
  [
    ['newest', messages.newest()],
    ['oldest', messages.oldest()],
    ['title', messages.byTitle()],
    ['longest', messages.longest()],
    ['largest', messages.largest()],
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
          aria-label={messages.search()}
          placeholder={messages.searchPlaceholder()}
          {...field}
        />
        {isPending && (
          <LoaderCircle
            role="status"
            aria-label={messages.searching()}
            className="absolute top-2.5 end-9 size-4 text-muted-foreground motion-safe:animate-spin"
          />
        )}
      </div>
      <Select
        label={messages.sort()}
        value={filter.sort}
        options={sortOptions()}
        onChange={(selected) => change({ sort: selected })}
      />
    </div>
  )
}
