import { isUnfinished, taskStateLabel, taskStateLabels } from '@/app/features/tasks/task-state'
import { describeProgress } from '@/app/features/tasks/time-left'
import { Button } from '@/app/ui/button'
import { useDateFormat } from '@/app/ui/date-time'
import { Progress } from '@/app/ui/progress'
import { RelativeTime } from '@/app/ui/relative-time'
import type { ArchiveDto } from '@/lib/archives/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import { formatBytes } from '@/lib/text/format-bytes'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/archives'

interface Props {
  archive: ArchiveDto
  task?: TaskDto
  onRemove(): void
}

export function ArchiveRow({ archive, task, onRemove }: Props) {
  const { titles, sizeBytes, expiresAt, createdAt, error, urls } = archive
  const format = useDateFormat()
  const current = sizeBytes === null ? (task ?? archive) : archive
  const [title] = titles
  return (
    <li className="flex flex-wrap items-center gap-3 px-4 py-2.5">
      <div className="min-w-0 grow basis-60">
        <p dir="auto" className="truncate font-medium">
          {titles.length > 1 ? messages.titles({ title: title!, count: titles.length - 1 }) : title}
        </p>
        <p className="text-sm text-muted-foreground tabular-nums">
          {sizeBytes !== null ? (
            messages.availableUntil({
              size: formatBytes(sizeBytes),
              date: expiresAt ? format(expiresAt, 'date') : '',
            })
          ) : current.state === 'failed' ? (
            <span className="text-destructive">
              {error ?? task?.error?.message ?? taskStateLabels.failed()}
            </span>
          ) : (
            <>
              {task ? taskStateLabel(task) : taskStateLabels[archive.state]()}
              {task?.state === 'in_progress' && ` · ${describeProgress(task)}`} ·{' '}
              {messages.requested({ time: () => <RelativeTime at={createdAt} /> })}
            </>
          )}
        </p>
        {task?.state === 'in_progress' && <Progress value={task.progress} label={messages.progress()} />}
      </div>
      {urls.download && (
        <Button asChild size="sm">
          <a
            href={urls.download}
            download
            data-row={archive.id}
            aria-label={messages.downloadTitle({ title: title! })}
          >
            {messages.download()}
          </a>
        </Button>
      )}
      <Button
        size="sm"
        variant="ghost"
        data-row={urls.download ? undefined : archive.id}
        aria-label={
          isUnfinished(current)
            ? messages.cancelTitle({ title: title! })
            : messages.deleteTitle({ title: title! })
        }
        onClick={onRemove}
      >
        {isUnfinished(current) ? commonMessages.cancel() : commonMessages.delete()}
      </Button>
    </li>
  )
}
