'use client'

import { useState } from 'react'
import { EmptyMessage } from '@/app/ui/empty-message'
import { fetchJson } from '@/app/ui/fetch-json'
import { LoadMore } from '@/app/ui/load-more'
import type { AuditEntryDto } from '@/lib/audit/schema'
import { AuditRow } from './audit-row'
import * as messages from '@/lib/generated/messages/admin-audit'

interface AuditPage {
  entries: AuditEntryDto[]
  nextCursor: string | null
}

/** Entries of the audit log, newest first. `first` is the page rendered by the server. */
export function AuditList({ query, first }: { query: string; first: AuditPage }) {
  const [{ entries, nextCursor }, setPage] = useState(first)
  const [state, setState] = useState<'ready' | 'loading' | 'failed'>('ready')
  async function loadMore() {
    setState('loading')
    const page = await fetchJson<AuditPage>(
      new URL(`/api/v1/admin/audit?${query}&cursor=${nextCursor}`, window.location.href),
    )
    if (!page) return setState('failed')
    setPage({ entries: [...entries, ...page.entries], nextCursor: page.nextCursor })
    setState('ready')
  }
  if (entries.length === 0) return <EmptyMessage>{messages.noMatchingEntries()}</EmptyMessage>
  return (
    <div className="flex flex-col gap-4">
      <ul className="divide-y overflow-hidden rounded-xl border bg-card">
        {entries.map((entry) => (
          <AuditRow key={entry.id} entry={entry} />
        ))}
      </ul>
      <LoadMore hasMore={nextCursor !== null} state={state} loadMore={() => void loadMore()} />
    </div>
  )
}
