'use client'

import { RelativeTime } from '@/app/ui/relative-time'
import { useRefetchOnChange } from '@/app/ui/use-refetch-on-change'
import type { MachineDto, MachineEventDto } from '@/lib/machines/schema'
import * as messages from '@/lib/generated/messages/machines'
import * as machineActivityMessages from '@/lib/generated/messages/machine-activity'

/** Labels of recorded actions. */
const actionLabels: Record<string, () => string> = {
  ordered: machineActivityMessages.eventOrdered,
  started: machineActivityMessages.eventStarted,
  stopped: machineActivityMessages.eventStopped,
  rebooted: machineActivityMessages.eventRebooted,
  terminated: machineActivityMessages.eventTerminated,
  resized: machineActivityMessages.eventResized,
  changed: machineActivityMessages.eventChanged,
  running: machineActivityMessages.eventRunning,
  failed: machineActivityMessages.eventFailed,
  impaired: machineActivityMessages.eventImpaired,
  recovered: machineActivityMessages.eventRecovered,
  'taken over': machineActivityMessages.eventTakenOver,
  'console opened': machineActivityMessages.eventConsoleOpened,
  'console shared': machineActivityMessages.eventConsoleShared,
  'console link revoked': machineActivityMessages.eventConsoleLinkRevoked,
  'shared console opened': machineActivityMessages.eventSharedConsoleOpened,
  'port forwarded': machineActivityMessages.eventPortForwarded,
  'port taken back': machineActivityMessages.eventPortForwardingStopped,
  'service opened': machineActivityMessages.eventPortOpened,
  'snapshot taken': machineActivityMessages.eventSnapshotTaken,
  'script ended': machineActivityMessages.eventScriptExited,
}

/** Who acts without an account, if it is not the app itself. */
const actorLabels: Record<string, () => string> = {
  'shared console opened': machineActivityMessages.eventByViewer,
}

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
            {[actor ?? (actorLabels[action] ?? machineActivityMessages.eventBySystem)(), detail]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </li>
      ))}
    </ol>
  )
}
