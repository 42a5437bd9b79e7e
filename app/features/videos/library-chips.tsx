import { FilterChips } from '@/app/ui/filter-chips'
import type { FolderDto } from '@/lib/folders/schema'
import type { TagCount } from '@/lib/videos/tag-schema'
import * as messages from '@/lib/generated/messages/videos'
import * as libraryMessages from '@/lib/generated/messages/library'
import { FolderActions } from './folders/folder-actions'
import { type LibraryFilter, libraryUrl } from './library-url'

interface Props {
  filter: LibraryFilter
  hasTrash: boolean
  folders: readonly FolderDto[]
  playlists: readonly { id: string; name: string; videoCount: number }[]
  tags: readonly TagCount[]
}

/** Tags that are offered, beside the selected ones. */
const MAX_TAGS = 12

const stateLabels = [
  [undefined, libraryMessages.all],
  ['unfinished', libraryMessages.inProgress],
  ['done', messages.done],
  ['failed', libraryMessages.failed],
] as const

/** Links that filter the list of videos, by state, folder and tags, and links to the playlists. */
export function LibraryChips({ filter, hasTrash, folders, playlists, tags }: Props) {
  const chip = (label: string, change: Partial<LibraryFilter>, isCurrent: boolean) => ({
    label,
    isCurrent,
    href: libraryUrl({ ...filter, ...change }),
  })
  const states = stateLabels.map(([state, label]) =>
    chip(label(), { state, isTrash: false }, !filter.isTrash && filter.state === state),
  )
  const trash = { isTrash: true, folder: undefined, tags: [], state: undefined }
  const offered = tags.filter(({ tag }, n) => n < MAX_TAGS || filter.tags.includes(tag))
  const folderChips = [
    chip(libraryMessages.allFolders(), { folder: undefined }, !filter.folder),
    ...folders.map(({ id, name, videoCount }) =>
      chip(`${name} ${videoCount}`, { folder: id }, filter.folder === id),
    ),
    chip(messages.noFolder(), { folder: 'none' }, filter.folder === 'none'),
  ]
  return (
    <div className="flex min-w-0 flex-col gap-2 max-sm:gap-1">
      <FilterChips
        label={libraryMessages.state()}
        chips={[
          ...states,
          ...(hasTrash || filter.isTrash
            ? [chip(libraryMessages.recentlyDeleted(), trash, filter.isTrash)]
            : []),
        ]}
      />
      {!filter.isTrash && (
        <FilterChips label={messages.folder()} chips={folders.length > 0 ? folderChips : []}>
          <FolderActions folder={folders.find(({ id }) => id === filter.folder)} />
        </FilterChips>
      )}
      {!filter.isTrash && playlists.length > 0 && (
        <FilterChips
          label={libraryMessages.playlists()}
          chips={playlists.map(({ id, name, videoCount }) => ({
            href: `/playlists/${id}`,
            label: `▸ ${name} ${videoCount}`,
            isCurrent: false,
          }))}
        />
      )}
      {!filter.isTrash && offered.length > 0 && (
        <FilterChips
          label={messages.tags()}
          chips={offered.map(({ tag }) => {
            const isCurrent = filter.tags.includes(tag)
            const next = isCurrent ? filter.tags.filter((one) => one !== tag) : [...filter.tags, tag]
            return chip(`#${tag}`, { tags: next }, isCurrent)
          })}
        />
      )}
    </div>
  )
}
