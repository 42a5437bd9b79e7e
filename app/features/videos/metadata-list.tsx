import type { ReactNode } from 'react'
import { DateTime } from '@/app/ui/date-time'
import { FactList } from '@/app/ui/fact-list'
import type { VideoMetadata } from '@/lib/videos/media-info'
import * as messages from '@/lib/generated/messages/videos'

/** What the file states about its content. */
export function MetadataList({ metadata }: { metadata: VideoMetadata }) {
  const { title, artist, album, date, description } = metadata
  const facts = [
    [messages.title(), title],
    [messages.artist(), artist],
    [messages.album(), album],
    [messages.date(), date && <StatedDate date={date} />],
  ] satisfies [string, ReactNode][]
  const stated = facts.filter(([, value]) => value !== null)
  return (
    <div className="grid items-start gap-2 sm:grid-cols-2 sm:gap-6 lg:grid-cols-3">
      {stated.length > 0 && <FactList facts={stated} />}
      {description !== null && (
        <p
          aria-label={messages.description()}
          className="max-h-48 overflow-y-auto rounded-xl border bg-card px-3.5 py-2 break-words whitespace-pre-line lg:col-span-2"
        >
          {description}
        </p>
      )}
    </div>
  )
}

const DAY = /^(\d{4})(-\d\d)?(-\d\d)?(?=T|$)/

/** "29 Feb 2024", "Feb 2024", "2024", as the file states it: not converted to the time zone of the browser. */
function StatedDate({ date }: { date: string }) {
  const [day, , month, dayOfMonth] = DAY.exec(date) ?? []
  if (!day || !month) return date
  return <DateTime at={day} style={dayOfMonth ? 'calendarDay' : 'calendarMonth'} />
}
