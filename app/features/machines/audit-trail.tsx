'use client'

import { useEffect, useState } from 'react'
import { RelativeTime } from '@/app/ui/relative-time'
import type { MachineDto, MachineEventDto } from '@/lib/machines/schema'

/** Who did what with a machine, newest first; read again whenever the machine changes. */
export function AuditTrail({ machine, initial }: { machine: MachineDto; initial: MachineEventDto[] }) {
  const [events, setEvents] = useState(initial)
  const { id, version } = machine
  useEffect(() => {
    const stop = new AbortController()
    fetch(`/api/v1/machines/${id}/events`, { signal: stop.signal })
      .then((answer) => (answer.ok ? (answer.json() as Promise<{ events: MachineEventDto[] }>) : null))
      .then(
        (found) => found && setEvents(found.events),
        () => undefined,
      )
    return () => stop.abort()
  }, [id, version])
  return (
    <ol
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard has to get there
      tabIndex={0}
      aria-label="Who did what"
      className="max-h-80 divide-y overflow-y-auto rounded-xl border bg-card"
    >
      {events.map(({ at, actor, action, detail }, n) => (
        <li key={`${at} ${n}`} className="px-3.5 py-2">
          <p className="flex items-baseline justify-between gap-2">
            <span className="first-letter:uppercase">{action}</span>
            <span className="shrink-0 text-sm text-muted-foreground">
              <RelativeTime at={at} />
            </span>
          </p>
          <p className="text-sm break-words text-muted-foreground">
            {[actor ?? 'by itself', detail].filter(Boolean).join(' · ')}
          </p>
        </li>
      ))}
    </ol>
  )
}
