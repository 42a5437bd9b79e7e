'use client'

import { taskStateOptions } from '@/app/features/tasks/task-state'
import { Input } from '@/app/ui/input'
import { Select } from '@/app/ui/select'
import { useDebouncedSearch } from '@/app/ui/use-debounced-search'
import { useUrlFilter } from '@/app/ui/use-url-filter'
import type { TaskSearch as TaskFilter } from '@/lib/queues/search'
import * as messages from '@/lib/generated/messages/admin'

interface Props {
  filter: TaskFilter
  /** Name and label of each task kind. */
  kinds: readonly (readonly [string, string])[]
}

const ANY = 'any'

/** Filters all tasks by text, kind, and state. The filter is stored in the URL. */
export function TaskSearch({ filter, kinds }: Props) {
  const { change } = useUrlFilter(filter, (next) => `/admin/tasks?${new URLSearchParams({ ...next })}`)
  const field = useDebouncedSearch(filter.search, (search) => change({ search }))
  return (
    <div className="flex flex-wrap gap-2">
      <Input
        type="search"
        aria-label={messages.searchTasks()}
        placeholder={messages.searchTasksHint()}
        {...field}
        className="min-w-60! grow basis-0 max-sm:basis-full"
      />
      <Select
        label={messages.kind()}
        value={filter.kind || ANY}
        options={[[ANY, messages.allKinds()], ...kinds]}
        onChange={(kind) => change({ kind: kind === ANY ? '' : kind })}
      />
      <Select
        label={messages.state()}
        value={filter.state || ANY}
        options={[[ANY, messages.allStates()] as const, ...taskStateOptions()]}
        onChange={(state) => change({ state: state === ANY ? '' : (state as TaskFilter['state']) })}
      />
    </div>
  )
}
