import { isUnfinished, taskStateLabel, taskStateLabels } from '@/app/features/tasks/task-state'
import { describeProgress } from '@/app/features/tasks/time-left'
import { Button } from '@/app/ui/button'
import { useDateFormat } from '@/app/ui/date-time'
import { Progress } from '@/app/ui/progress'
import { RelativeTime } from '@/app/ui/relative-time'
import type { ArchiveDto } from '@/lib/archives/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import { formatBytes } from '@/lib/text/format-bytes'

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
        <p className="truncate font-medium">
          {titles.length > 1 ? `${title} and ${titles.length - 1} more` : title}
        </p>
        <p className="text-sm text-muted-foreground tabular-nums">
          {sizeBytes !== null ? (
            `${formatBytes(sizeBytes)} · available until ${expiresAt ? format(expiresAt, 'date') : ''}`
          ) : current.state === 'failed' ? (
            <span className="text-destructive">
              {error ?? task?.error?.message ?? taskStateLabels.failed}
            </span>
          ) : (
            <>
              {task ? taskStateLabel(task) : taskStateLabels[archive.state]}
              {task?.state === 'in_progress' && ` · ${describeProgress(task)}`} · requested{' '}
              <RelativeTime at={createdAt} />
            </>
          )}
        </p>
        {task?.state === 'in_progress' && <Progress value={task.progress} label="Progress of the archive" />}
      </div>
      {urls.download && (
        <Button asChild size="sm">
          <a href={urls.download} download aria-label={`Download ${title}`}>
            Download
          </a>
        </Button>
      )}
      <Button
        size="sm"
        variant="ghost"
        aria-label={`${isUnfinished(current) ? 'Cancel' : 'Delete'} ${title}`}
        onClick={onRemove}
      >
        {isUnfinished(current) ? 'Cancel' : 'Delete'}
      </Button>
    </li>
  )
}
