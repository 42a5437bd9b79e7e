'use client'

import { useRouter } from 'next/navigation'
import { Input } from '@/app/ui/input'
import { Select } from '@/app/ui/select'
import { useDebouncedSearch } from '@/app/ui/use-debounced-search'
import { taskStateLabels } from '@/app/features/tasks/task-state'
import type { TaskSearch as Search } from '@/lib/queues/search'

/** What is looked for; it lives in the address. */
export function TaskSearch({
  asked,
  kinds,
}: {
  asked: Search
  kinds: readonly (readonly [string, string])[]
}) {
  const router = useRouter()
  const show = (next: Search) =>
    router.replace(`/admin/tasks?${new URLSearchParams({ ...next }).toString()}`, { scroll: false })
  const [text, field] = useDebouncedSearch(asked.search, (search) => show({ ...asked, search }))
  const choose = (next: Partial<Search>) => show({ ...asked, search: text.trim(), ...next })
  return (
    <div className="flex flex-wrap gap-2">
      <Input
        type="search"
        aria-label="Search tasks"
        placeholder="An id, a person, a title, an error"
        {...field}
        className="min-w-60 grow basis-0"
      />
      <Select
        label="Kind"
        value={asked.kind || 'any'}
        options={[['any', 'Every kind'], ...kinds]}
        onChange={(kind) => choose({ kind: kind === 'any' ? '' : kind })}
      />
      <Select
        label="State"
        value={asked.state || 'any'}
        options={[
          ['any', 'Every state'] as const,
          ...(Object.entries(taskStateLabels) as [Search['state'], string][]),
        ]}
        onChange={(state) => choose({ state: state === 'any' ? '' : (state as Search['state']) })}
      />
    </div>
  )
}
