import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/account'
import { isUnfinished, taskStateLabels } from '@/app/features/tasks/task-state'
import { Button } from '@/app/ui/button'
import { useDateFormat } from '@/app/ui/date-time'
import { Progress } from '@/app/ui/progress'
import { RelativeTime } from '@/app/ui/relative-time'
import type { AccountExportDto } from '@/lib/accounts/export-schema'
import { formatBytes } from '@/lib/text/format-bytes'

interface Props {
  accountExport: AccountExportDto
  /** Whether a request is on its way. */
  isSending: boolean
  onRemove(): void
}

export function ExportRow({ accountExport, isSending, onRemove }: Props) {
  const { state, progress, sizeBytes, expiresAt, createdAt, urls } = accountExport
  const isInProgress = isUnfinished(accountExport)
  const format = useDateFormat()
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-xl border bg-card px-4 py-2.5">
      <div className="min-w-0 grow">
        <p>{messages.exportRequested({ time: () => <RelativeTime at={createdAt} /> })}</p>
        <p className="text-sm text-muted-foreground tabular-nums">
          {isInProgress
            ? `${taskStateLabels[state]()} · ${Math.round(progress * 100)} %`
            : sizeBytes === null
              ? taskStateLabels[state]()
              : messages.exportAvailable({
                  size: formatBytes(sizeBytes),
                  date: expiresAt ? format(expiresAt, 'date') : '',
                })}
        </p>
        {isInProgress && <Progress value={progress} label={messages.export()} />}
      </div>
      {urls.download && (
        <Button asChild size="sm">
          <a href={urls.download} download>
            {messages.download()}
          </a>
        </Button>
      )}
      <Button size="sm" variant="ghost" disabled={isSending} onClick={onRemove}>
        {isInProgress ? commonMessages.cancel() : commonMessages.delete()}
      </Button>
    </div>
  )
}
