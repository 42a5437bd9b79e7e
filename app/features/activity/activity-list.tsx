'use client'

import { Link } from '@/app/ui/link'
import { memo, useMemo } from 'react'
import { useListNavigation } from '@/app/ui/use-list-navigation'
import { LoadMore } from '@/app/ui/load-more'
import { TaskStatusIcon } from '@/app/features/tasks/task-status-icon'
import { RelativeTime } from '@/app/ui/relative-time'
import { taskStateLabels, taskStateLabel } from '@/app/features/tasks/task-state'
import { useLive } from '@/app/live/live-provider'
import { usePaginatedRows } from '@/app/live/use-paginated-rows'
import { activityUrl } from './activity-search'
import type { MachineDto } from '@/lib/machines/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'

type State = TaskDto['state']
const stateFilters: [State | undefined, string][] = [
  [undefined, 'All'],
  ...(Object.entries(taskStateLabels) as [State, string][]),
]

interface Props {
  state?: State
  search: string
  first: { tasks: TaskDto[]; nextCursor: string | null }
  videos: VideoDto[]
  machines: MachineDto[]
}

/** Every task, newest first, live; chips choose the state, and a search what it is about. */
export function ActivityList({ state, search, first, videos: known, machines: knownMachines }: Props) {
  const seed = useMemo(
    () => ({ tasks: first.tasks, videos: known, machines: knownMachines }),
    [first, known, knownMachines],
  )
  const { tasks, videos, machines } = useLive(seed)
  const asked = new URLSearchParams({ ...(state && { state }), ...(search && { search }) }).toString()
  const { ids, ...pages } = usePaginatedRows({ path: `/api/v1/tasks?${asked}`, first })
  useListNavigation()
  const titles = new Map([
    ...videos.map((video) => [video.id, video.title] as const),
    ...machines.map((machine) => [machine.id, machine.name] as const),
  ])
  const last = tasks.find(({ id }) => id === ids.at(-1))
  const shown = tasks.filter(
    (task) =>
      (!search || ids.includes(task.id)) &&
      (!state || task.state === state) &&
      (!pages.hasMore || !last || task.createdAt >= last.createdAt),
  )
  return (
    <div className="flex flex-col gap-4">
      <nav aria-label="State" className="flex flex-wrap gap-1.5">
        {stateFilters.map(([value, name]) => (
          <Link
            key={name}
            href={activityUrl({ state: value, search })}
            aria-current={value === state ? 'true' : undefined}
            className="flex h-8 items-center rounded-full border px-3 text-sm text-muted-foreground hover:text-foreground aria-[current]:bg-foreground aria-[current]:text-background max-sm:h-9"
          >
            {name}
          </Link>
        ))}
      </nav>
      {shown.length === 0 && (
        <p className="py-10 text-center text-muted-foreground">
          {search ? `No task is about “${search}”.` : 'Nothing here. What you start shows up as it happens.'}
        </p>
      )}
      {shown.length > 0 && (
        <ul className="divide-y overflow-hidden rounded-xl border bg-card">
          {shown.map((task) => (
            <ActivityRow key={task.id} task={task} title={titles.get(task.videoId ?? task.machineId ?? '')} />
          ))}
        </ul>
      )}
      <LoadMore {...pages} />
    </div>
  )
}

const ActivityRow = memo(function Row({ task, title }: { task: TaskDto; title?: string }) {
  return (
    <li>
      <Link
        href={`/tasks/${task.id}`}
        data-row={task.id}
        className="flex min-h-10 items-center gap-3 px-4 py-1.5 -outline-offset-2 hover:bg-muted"
      >
        <TaskStatusIcon state={task.state} />
        <span className="min-w-0 grow truncate">
          {title && <span className="font-medium">{title} · </span>}
          {task.label}
        </span>
        <span
          className={`shrink-0 text-sm tabular-nums ${task.state === 'failed' ? 'text-destructive' : 'text-muted-foreground'}`}
        >
          {task.state === 'in_progress' && task.stage && (
            <span className="max-sm:hidden">{task.stage} · </span>
          )}
          {taskStateLabel(task)}
          {task.state === 'in_progress' && ` · ${Math.round(task.progress * 100)} %`}
        </span>
        <span className="w-28 shrink-0 text-right text-sm text-muted-foreground max-sm:hidden">
          <RelativeTime at={task.finishedAt ?? task.startedAt ?? task.createdAt} />
        </span>
      </Link>
    </li>
  )
})
