import * as messages from '@/lib/generated/messages/task-page'
import { DateTime } from '@/app/ui/date-time'
import type { LogLineDto } from '@/lib/tasks/schema'

const levelClasses: Record<string, string> = { warn: 'text-warning', error: 'text-destructive' }

/** The log of a task, with the fields of each line in a muted color. */
export function TaskLog({ lines }: { lines: LogLineDto[] }) {
  if (lines.length === 0) return <p className="text-muted-foreground">{messages.noLog()}</p>
  return (
    <ol className="rounded-xl border bg-card p-4 font-mono text-xs leading-5">
      {lines.map(({ at, level, message }, n) => {
        const [text, fields] = splitFields(message)
        return (
          <li key={n} className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-3">
            <DateTime at={at} style="time" className="text-muted-foreground" />
            <span className="break-words whitespace-pre-wrap">
              <span className={levelClasses[level]}>{text}</span>
              {fields && <span className="text-muted-foreground"> {fields}</span>}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

/** Splits `probed file {"codec":"h264"}` into `probed file` and `codec h264`. */
function splitFields(message: string) {
  const at = message.indexOf(' {"')
  if (at < 0) return [message, '']
  const fields = message
    .slice(at + 1)
    .replaceAll(/[{}[\]"]/g, ' ')
    .replaceAll(/\s*:\s*/g, ' ')
    .replaceAll(/\s*,\s*/g, ' · ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
  return [message.slice(0, at), fields]
}
