'use client'

import { RelativeTime } from '@/app/ui/relative-time'
import { useRefetchOnChange } from '@/app/ui/use-refetch-on-change'
import type { MachineDto, MachineEventDto } from '@/lib/machines/schema'
import * as messages from '@/lib/generated/messages/machines'

/** Labels of recorded actions. */
const actionLabels: Record<string, () => string> = {
  ordered: messages.eventOrdered,
  started: messages.eventStarted,
  stopped: messages.eventStopped,
  rebooted: messages.eventRebooted,
  terminated: messages.eventTerminated,
  resized: messages.eventResized,
  changed: messages.eventChanged,
  running: messages.eventRunning,
  failed: messages.eventFailed,
  impaired: messages.eventImpaired,
  recovered: messages.eventRecovered,
  'taken over': messages.eventTakenOver,
  'console opened': messages.eventConsoleOpened,
  'console shared': messages.eventConsoleShared,
  'console link revoked': messages.eventConsoleLinkRevoked,
  'shared console opened': messages.eventSharedConsoleOpened,
  'port forwarded': messages.eventPortForwarded,
  'port taken back': messages.eventPortForwardingStopped,
  'service opened': messages.eventPortOpened,
  'snapshot taken': messages.eventSnapshotTaken,
  'script ended': messages.eventScriptExited,
}

/** Who acts without an account, if it is not the app itself. */
const actorLabels: Record<string, () => string> = { 'shared console opened': messages.eventByViewer }

interface Props {
  machine: MachineDto
  initial: MachineEventDto[]
}

/** The audit events of a machine, newest first, fetched again when the machine changes. */
export function AuditTrail({ machine, initial }: Props) {
  const url = `/api/v1/machines/${machine.id}/events`
  const { events } = useRefetchOnChange(url, { events: initial }, machine.version)
  return (
    <ol
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrollable regions need keyboard access
      tabIndex={0}
      aria-label={messages.activity()}
      className="max-h-80 divide-y overflow-y-auto rounded-xl border bg-card"
    >
      {events.map(({ at, actor, action, detail }, n) => (
        <li key={`${at} ${n}`} className="px-3.5 py-2">
          <p className="flex items-baseline justify-between gap-2">
            <span className="first-letter:uppercase">{actionLabels[action]?.() ?? action}</span>
            <span className="shrink-0 text-sm text-muted-foreground">
              <RelativeTime at={at} />
            </span>
          </p>
          <p className="text-sm break-words text-muted-foreground">
            {[actor ?? (actorLabels[action] ?? messages.eventBySystem)(), detail].filter(Boolean).join(' · ')}
          </p>
        </li>
      ))}
    </ol>
  )
}
