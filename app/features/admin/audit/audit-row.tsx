import { ChevronRight } from 'lucide-react'
import { FactList } from '@/app/ui/fact-list'
import { RelativeTime } from '@/app/ui/relative-time'
import type { AuditEntryDto } from '@/lib/audit/schema'
import { auditActionLabel } from './audit-labels'
import * as messages from '@/lib/generated/messages/admin-audit'

const actorKindLabels = {
  session: messages.actorSession,
  key: messages.actorKey,
  system: messages.actorSystem,
} as const

/** One entry of the audit log, whose details unfold. */
export function AuditRow({ entry }: { entry: AuditEntryDto }) {
  const { detail, subjectType, subjectId } = entry
  return (
    <li>
      <details className="group">
        <summary
          data-row={entry.id}
          className="flex min-h-10 cursor-pointer flex-wrap items-center gap-x-3 px-4 py-1.5 -outline-offset-2 hover:bg-muted"
        >
          <ChevronRight
            className="size-4 shrink-0 text-muted-foreground transition-transform group-open:rotate-90 rtl:not-group-open:-scale-x-100"
            aria-hidden
          />
          <span className="font-medium">{auditActionLabel(entry.action)}</span>
          {entry.outcome === 'failure' && (
            <span className="text-sm text-destructive">{messages.failed()}</span>
          )}
          <span className="min-w-0 grow truncate text-muted-foreground max-sm:w-full max-sm:ps-7">
            {describeActor(entry)}
          </span>
          <span className="w-28 shrink-0 text-end text-sm text-muted-foreground max-sm:w-full max-sm:ps-7 max-sm:text-start">
            <RelativeTime at={entry.at} />
          </span>
        </summary>
        <div className="flex flex-col gap-3 border-t bg-muted/40 px-4 py-3 sm:ps-11">
          <FactList
            facts={[
              [messages.factTime(), entry.at],
              [messages.factAction(), entry.action],
              [messages.factUser(), entry.actorEmail ?? entry.actorId ?? '—'],
              [messages.factBy(), actorKindLabels[entry.actorKind]()],
              [messages.factSubject(), subjectType ? `${subjectType} ${subjectId}` : '—'],
              [messages.factAddress(), entry.address ?? '—'],
              [messages.factBrowser(), entry.userAgent ?? '—'],
            ]}
          />
          {detail && (
            <pre
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrollable regions need keyboard access
              tabIndex={0}
              className="overflow-x-auto rounded-md border bg-card p-3 font-mono text-xs"
            >
              {JSON.stringify(detail, null, 2)}
            </pre>
          )}
        </div>
      </details>
    </li>
  )
}

function describeActor({ actorEmail, actorKind, detail }: AuditEntryDto) {
  if (actorEmail) return actorEmail
  if (typeof detail?.email === 'string') return detail.email
  return actorKind === 'system' ? actorKindLabels.system() : messages.unknownUser()
}
