'use client'

import { Search } from 'lucide-react'
import { useState } from 'react'
import { Input } from '@/app/ui/input'
import { Link } from '@/app/ui/link'
import { Section } from '@/app/ui/section'
import { StateAnnouncement } from '@/app/ui/state-announcement'
import * as messages from '@/lib/generated/messages/api-reference'
import { MethodBadge } from './method-badge'
import type { OperationSummary } from './operations'

/** All operations by group, filtered by what is typed: words of the method, path or summary. */
export function ApiIndex({ operations }: { operations: OperationSummary[] }) {
  const [search, setSearch] = useState('')
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = operations.filter((operation) => matches(operation, words))
  const groups = Map.groupBy(found, ({ group }) => group)
  return (
    <>
      <div className="sticky top-14 z-10 -mx-4 bg-background px-4 py-4">
        <Search
          className="pointer-events-none absolute top-1/2 start-7 size-4 -translate-y-1/2 text-muted-foreground"
          aria-hidden
        />
        <Input
          type="search"
          aria-label={messages.searchOperations()}
          placeholder={messages.searchPlaceholder()}
          className="ps-9"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <StateAnnouncement text={words.length > 0 ? messages.operationCount({ count: found.length }) : ''} />
      </div>
      <div className="flex flex-col gap-6">
        {[...groups].map(([group, members]) => (
          <Section key={group} title={group}>
            <ul className="divide-y overflow-hidden rounded-xl border bg-card">
              {members.map(({ slug, method, path, summary }) => (
                <li key={slug}>
                  <Link
                    href={`/docs/api/${slug}`}
                    className="grid grid-cols-[3.5rem_minmax(0,1fr)] items-baseline gap-x-3 px-4 py-2.5 hover:bg-muted sm:grid-cols-[3.5rem_minmax(0,1fr)_minmax(0,1fr)]"
                  >
                    <MethodBadge method={method} />
                    <code className="font-mono text-sm break-words">{path.replaceAll('/', '/\u200b')}</code>
                    <span className="text-muted-foreground max-sm:col-start-2">{summary}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </Section>
        ))}
        {found.length === 0 && (
          <p className="py-6 text-center text-muted-foreground">{messages.noOperations()}</p>
        )}
      </div>
    </>
  )
}

const matches = ({ method, path, summary, group }: OperationSummary, words: string[]) => {
  const text = `${method} ${path} ${summary} ${group}`.toLowerCase()
  return words.every((word) => text.includes(word))
}
