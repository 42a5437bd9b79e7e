import { formatTimestamp } from '@/app/ui/format'
import { getLocale } from '@/lib/i18n/locale'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/videos'

const MAX_LISTED = 8

/** Says where pictures or sound are missing inside the file of a video. */
export const DamageNotice = ({ damage }: Pick<VideoDto, 'damage'>) => (
  <p role="status" className="rounded-md border border-warning/50 px-4 py-3 text-sm">
    {messages.damaged({
      places: listDamage(damage),
      emphasis: (children) => <span className="font-medium text-warning">{children}</span>,
    })}
  </p>
)

/** "1:02–1:05 and 3:10", with the number of ranges that are not listed. */
export function listDamage(damage: VideoDto['damage']) {
  const listed = damage.slice(0, MAX_LISTED).map(({ startSeconds, endSeconds }) => {
    const [start, end] = [formatTimestamp(startSeconds), formatTimestamp(endSeconds)]
    return start === end ? start : `${start}–${end}`
  })
  const more = damage.length - listed.length
  return new Intl.ListFormat(getLocale()).format([
    ...listed,
    ...(more > 0 ? [messages.morePlaces({ count: more })] : []),
  ])
}
