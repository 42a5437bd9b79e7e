import { FilterChips } from '@/app/ui/filter-chips'
import { type LibraryFilter, libraryUrl } from './library-url'

interface Props {
  filter: LibraryFilter
  hasTrash: boolean
}

/** Links that filter the list of videos. */
export function LibraryChips({ filter, hasTrash }: Props) {
  if (!hasTrash && !filter.isTrash) return null
  const chips = [
    { label: 'All', isCurrent: !filter.isTrash, href: libraryUrl({ ...filter, isTrash: false }) },
    { label: 'Recently deleted', isCurrent: filter.isTrash, href: libraryUrl({ ...filter, isTrash: true }) },
  ]
  return <FilterChips label="Filter" chips={chips} />
}
