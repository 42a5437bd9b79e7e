'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { Input } from '@/app/components/ui/input'
import { Select } from '@/app/components/ui/select'
import { stateNames } from '@/app/components/words'
import type { TaskSearch as Search } from '@/lib/queues/search'

const TYPING_PAUSE_MS = 250

/** What is looked for; it lives in the address. */
export function TaskSearch({
  asked,
  kinds,
}: {
  asked: Search
  kinds: readonly (readonly [string, string])[]
}) {
  const router = useRouter()
  const [text, setText] = useState(asked.search)
  const show = (next: Partial<Search>) => {
    const query = new URLSearchParams({ ...asked, search: text.trim(), ...next })
    router.replace(`/admin/tasks?${query.toString()}`, { scroll: false })
  }
  useEffect(() => {
    if (text.trim() === asked.search) return
    const timer = setTimeout(() => show({ search: text.trim() }), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  })
  return (
    <div className="flex flex-wrap gap-2">
      <Input
        type="search"
        aria-label="Search tasks"
        placeholder="An id, a person, a title, an error"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="min-w-60 grow basis-0"
      />
      <Select
        label="Kind"
        value={asked.kind || 'any'}
        options={[['any', 'Every kind'], ...kinds]}
        onChange={(kind) => show({ kind: kind === 'any' ? '' : kind })}
      />
      <Select
        label="State"
        value={asked.state || 'any'}
        options={[
          ['any', 'Every state'] as const,
          ...(Object.entries(stateNames) as [Search['state'], string][]),
        ]}
        onChange={(state) => show({ state: state === 'any' ? '' : (state as Search['state']) })}
      />
    </div>
  )
}
