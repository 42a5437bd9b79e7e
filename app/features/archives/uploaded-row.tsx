import { isUnfinished, taskStateLabel } from '@/app/features/tasks/task-state'
import { describeProgress } from '@/app/features/tasks/time-left'
import { Button } from '@/app/ui/button'
import { useDateFormat } from '@/app/ui/date-time'
import { Progress } from '@/app/ui/progress'
import type { UploadedArchiveDto } from '@/lib/archives/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import { formatBytes } from '@/lib/text/format-bytes'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/archives'

interface Props {
  uploaded: UploadedArchiveDto
  task?: TaskDto
  onOpen(): void
  onRemove(): void
}

export function UploadedRow({ uploaded, task, onOpen, onRemove }: Props) {
  const { filename, sizeBytes, expiresAt, state, error } = uploaded
  const format = useDateFormat()
  const isImporting = task ? isUnfinished(task) : state !== null && isUnfinished({ state })
  return (
    <li className="flex flex-wrap items-center gap-3 px-4 py-2.5">
      <div className="min-w-0 grow basis-60">
        <p dir="auto" className="truncate font-medium">
          {filename}
        </p>
        <p className="text-sm text-muted-foreground tabular-nums">
          {isImporting && task
            ? `${taskStateLabel(task)}${task.state === 'in_progress' ? ` · ${describeProgress(task)}` : ''}`
            : messages.keptUntil({ size: formatBytes(sizeBytes), date: format(expiresAt, 'date') })}
        </p>
        {!isImporting && error && <p className="text-sm text-destructive">{error}</p>}
        {task?.state === 'in_progress' && (
          <Progress value={task.progress} label={messages.importProgress({ filename })} />
        )}
      </div>
      {!isImporting && (
        <Button
          size="sm"
          variant="default"
          data-row={uploaded.uploadId}
          aria-label={messages.importFilename({ filename })}
          onClick={onOpen}
        >
          {messages.import()}
        </Button>
      )}
      <Button
        size="sm"
        variant="ghost"
        data-row={isImporting ? uploaded.uploadId : undefined}
        aria-label={messages.deleteTitle({ title: filename })}
        onClick={onRemove}
      >
        {isImporting ? commonMessages.cancel() : commonMessages.delete()}
      </Button>
    </li>
  )
}
