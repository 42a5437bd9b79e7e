'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { Input } from '@/app/components/ui/input'
import type { TaskDto } from '@/lib/tasks/contract'

const TYPING_PAUSE_MS = 250

interface Asked {
  state?: TaskDto['state']
  search: string
}

export function addressOf({ state, search }: Asked) {
  const query = new URLSearchParams({ ...(state && { state }), ...(search && { search }) }).toString()
  return query ? `/activity?${query}` : '/activity'
}

/** What is searched lives in the address, so that going back finds it. */
export function ActivitySearch({ state, search }: Asked) {
  const router = useRouter()
  const [text, setText] = useState(search)
  useEffect(() => {
    if (text.trim() === search) return
    const next = addressOf({ state, search: text.trim() })
    const timer = setTimeout(() => router.replace(next, { scroll: false }), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, search, state, router])
  return (
    <Input
      type="search"
      aria-label="Search activity"
      placeholder="Search"
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  )
}
