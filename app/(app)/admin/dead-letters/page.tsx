import { Link } from '@/app/ui/link'
import { z } from 'zod'
import { DeadLetterActions } from '@/app/features/admin/dead-letter-actions'
import { DeadLetterRows } from '@/app/features/admin/dead-letter-rows'
import { EmptyMessage } from '@/app/ui/empty-message'
import { RelativeTime } from '@/app/ui/relative-time'
import { requireAdmin } from '@/app/http/middleware/require-user'
import { db } from '@/lib/database/db'
import { type DeadLetterGroup, listDeadLetterGroups, listDeadLetters } from '@/lib/queues/dead-letters'
import { AutoRefresh } from '@/app/ui/auto-refresh'
import type { SearchPageProps } from '@/app/page-props'
import * as messages from '@/lib/generated/messages/admin'

export const generateMetadata = () => ({ title: messages.pageDeadLetters() })

const openGroupSchema = z.object({ kind: z.string(), code: z.string(), cause: z.string() })

/** Tasks that failed permanently, grouped by cause. */
export default async function DeadLettersPage({ searchParams }: SearchPageProps) {
  await requireAdmin()
  const open = openGroupSchema
    .nullable()
    .catch(null)
    .parse(await searchParams)
  const [groups, letters] = await Promise.all([
    listDeadLetterGroups(db()),
    open ? listDeadLetters(db(), open) : [],
  ])
  const isOpen = (group: DeadLetterGroup) =>
    open?.kind === group.kind && open.code === group.code && open.cause === group.cause
  return (
    <div className="flex flex-col gap-4">
      <AutoRefresh everySeconds={3} />
      <h1 className="text-2xl font-semibold">{messages.pageDeadLetters()}</h1>
      {groups.length === 0 && <EmptyMessage>{messages.noDeadLetters()}</EmptyMessage>}
      <ul className="flex flex-col gap-3">
        {groups.map((group) => (
          <li key={`${group.kind} ${group.code} ${group.cause}`} className="rounded-xl border bg-card">
            <DeadLetterGroupHeader group={group} isOpen={isOpen(group)} />
            {isOpen(group) && <DeadLetterRows letters={letters} />}
          </li>
        ))}
      </ul>
    </div>
  )
}

interface HeaderProps {
  group: DeadLetterGroup
  isOpen: boolean
}

function DeadLetterGroupHeader({ group, isOpen }: HeaderProps) {
  const { kind, code, cause, count, users, label } = group
  const query = new URLSearchParams({ kind, code, cause })
  const last = () => <RelativeTime at={group.lastAt} />
  const first = () => <RelativeTime at={group.firstAt} />
  return (
    <div className="flex flex-wrap items-start justify-between gap-3 px-4 py-3">
      <div className="min-w-0">
        <h2 className="font-medium">
          <Link
            href={isOpen ? '/admin/dead-letters' : `/admin/dead-letters?${query.toString()}`}
            aria-expanded={isOpen}
            data-row={`${kind} ${code} ${cause}`}
            scroll={false}
            className="hover:underline"
          >
            <span className="tabular-nums">{count}</span> × {label}: {group.message}
          </Link>
        </h2>
        <p className="text-sm break-words text-muted-foreground">
          <code className="font-mono text-xs">{code}</code>
          {cause !== group.message && cause !== code && ` · ${cause}`}
        </p>
        <p className="text-sm text-muted-foreground">
          {count > 1
            ? messages.deadLetterFactsRange({ count: users, last, first })
            : messages.deadLetterFacts({ count: users, last })}
          {group.inRedrive > 0 && (
            <span className="text-warning"> · {messages.inRedrive({ count: group.inRedrive })}</span>
          )}
        </p>
      </div>
      <DeadLetterActions selection={{ kind, code, cause }} count={count} name={`${label}: ${cause}`} />
    </div>
  )
}
