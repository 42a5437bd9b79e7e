'use client'

import * as messages from '@/lib/generated/messages/activity'
import { useMemo } from 'react'
import { taskStateOptions } from '@/app/features/tasks/task-state'
import { useLive } from '@/app/live/live-provider'
import { usePaginatedRows } from '@/app/live/use-paginated-rows'
import { EmptyMessage } from '@/app/ui/empty-message'
import { FilterChips } from '@/app/ui/filter-chips'
import { LoadMore } from '@/app/ui/load-more'
import type { MachineDto } from '@/lib/machines/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { ActivityRow } from './activity-row'
import { activityParams, activityUrl } from './activity-url'

type State = TaskDto['state']

const stateFilters = () => [[undefined, messages.all()] as const, ...taskStateOptions()]

interface Props {
  state?: State
  search: string
  initial: { tasks: TaskDto[]; nextCursor: string | null; videos: VideoDto[]; machines: MachineDto[] }
}

/** The tasks of a user, newest first, live and filtered by state and search. */
export function ActivityList({ state, search, initial }: Props) {
  const seed = useMemo(
    () => ({ tasks: initial.tasks, videos: initial.videos, machines: initial.machines }),
    [initial],
  )
  const { tasks, videos, machines } = useLive(seed)
  const { ids, ...pages } = usePaginatedRows({
    path: `/api/v1/tasks?${activityParams({ state, search })}`,
    first: { tasks: initial.tasks, nextCursor: initial.nextCursor },
  })
  const titles = new Map([
    ...videos.map((video) => [video.id, video.title] as const),
    ...machines.map((machine) => [machine.id, machine.name] as const),
  ])
  const last = tasks.find(({ id }) => id === ids.at(-1))
  // The store also holds tasks of other pages, which may be older than the last one loaded here.
  const shown = tasks.filter(
    (task) =>
      (!search || ids.includes(task.id)) &&
      (!state || task.state === state) &&
      (!pages.hasMore || !last || task.createdAt >= last.createdAt),
  )
  const chips = stateFilters().map(([value, label]) => ({
    href: activityUrl({ state: value, search }),
    label,
    isCurrent: value === state,
  }))
  return (
    <div className="flex flex-col gap-4">
      <FilterChips label={messages.state()} chips={chips} />
      {shown.length === 0 && <EmptyMessage>{emptyMessage({ state, search })}</EmptyMessage>}
      {shown.length > 0 && (
        <ul className="divide-y overflow-hidden rounded-xl border bg-card">
          {shown.map((task) => (
            <ActivityRow
              key={task.id}
              task={task}
              title={titles.get(task.videoId ?? task.machineId ?? '') ?? task.detail?.filename}
            />
          ))}
        </ul>
      )}
      <LoadMore {...pages} />
    </div>
  )
}

function emptyMessage({ state, search }: Pick<Props, 'state' | 'search'>) {
  if (search) return messages.noMatches({ search })
  if (state) return messages.noMatchingTasks()
  return messages.empty()
}
