'use client'

import { Link } from '@/app/ui/link'
import { useRowSelection } from '@/app/ui/use-row-selection'
import { RelativeTime } from '@/app/ui/relative-time'
import type { listDeadLetters } from '@/lib/queues/dead-letters'
import { DeadLetterActions } from './dead-letter-actions'
import * as messages from '@/lib/generated/messages/admin'

type DeadLetter = Awaited<ReturnType<typeof listDeadLetters>>[number]

/** The newest dead letters of one cause, with a selection. */
export function DeadLetterRows({ letters }: { letters: readonly DeadLetter[] }) {
  const { selectedIds, toggle } = useRowSelection(letters.map(({ id }) => id))
  const ids = letters.map(({ id }) => id).filter((id) => selectedIds.has(id))
  return (
    <div className="border-t">
      {ids.length > 0 && (
        <div className="flex flex-wrap items-center gap-3 border-b bg-muted px-4 py-2">
          <span className="text-sm">{messages.selected({ count: ids.length })}</span>
          <DeadLetterActions selection={{ ids }} count={ids.length} name={messages.selection()} />
        </div>
      )}
      <ul className="divide-y">
        {letters.map((letter) => (
          <li key={letter.id} className="flex min-h-10 items-center gap-3 px-4 py-1.5 text-sm">
            <input
              type="checkbox"
              aria-label={messages.selectTask({ id: letter.id, email: letter.email })}
              checked={selectedIds.has(letter.id)}
              onChange={(event) => toggle(letter.id, (event.nativeEvent as MouseEvent).shiftKey)}
              className="size-4 accent-primary"
            />
            <Link
              href={`/admin/tasks/${letter.id}`}
              data-row={letter.id}
              className="min-w-0 grow truncate hover:underline"
            >
              {letter.email} <code className="font-mono text-xs">{JSON.stringify(letter.payload)}</code>
            </Link>
            <span className="shrink-0 text-muted-foreground tabular-nums max-sm:hidden">
              {messages.attempts({ count: letter.attempts })}
              {letter.deaths > 0 && ` · ${messages.workerCrashes({ count: letter.deaths })}`} ·{' '}
              <RelativeTime at={letter.finishedAt} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
