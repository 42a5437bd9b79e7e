'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { TaskActions } from '@/app/features/tasks/task-actions'
import { isUnfinished } from '@/app/features/tasks/task-state'
import { describeProgress, hasKnownProgress } from '@/app/features/tasks/time-left'
import { useLiveStore } from '@/app/live/live-provider'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import { ConfirmDialog } from '@/app/ui/confirm-dialog'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { formatTimestamp } from '@/app/ui/format'
import { loadLater } from '@/app/ui/load-later'
import { Progress } from '@/app/ui/progress'
import { toast } from '@/app/ui/toast'
import * as messages from '@/lib/generated/messages/trim'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDetailsDto, VideoDto } from '@/lib/videos/schema'
import { discardRequest, restoreRequest } from './trim-request'
import { isTrimTask } from '../notice-tasks'

const TrimDialog = loadLater(async () => (await import('./trim-dialog')).TrimDialog)

interface Props {
  video: VideoDto
  trim: VideoDetailsDto['trim']
  /** Those of the video. */
  tasks: readonly TaskDto[]
}

/** While a video is trimmed, if that has failed, and what can be done with a trimmed one. */
export function TrimNotice({ video, trim, tasks }: Props) {
  const task = tasks.filter(isTrimTask).toSorted((a, b) => (a.id < b.id ? 1 : -1))[0]
  return (
    <>
      {task && isUnfinished(task) && <RunningTrim task={task} />}
      {task?.state === 'failed' && <FailedTrim task={task} />}
      {trim && <Trimmed video={video} trim={trim} />}
    </>
  )
}

const RunningTrim = ({ task }: { task: TaskDto }) => (
  <div className="flex flex-col gap-2 rounded-md border px-4 py-3 text-sm">
    <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
      <p>
        <span className="font-medium">{messages.preparing()}</span>{' '}
        <span className="text-muted-foreground">{messages.preparingHint()}</span>
      </p>
      <span className="flex items-center gap-2 text-muted-foreground tabular-nums">
        {task.state === 'in_progress' ? describeProgress(task) : task.stage}
        <TaskActions task={task} name={messages.taskName()} />
      </span>
    </div>
    {task.state === 'in_progress' && hasKnownProgress(task) && (
      <Progress value={task.progress} label={messages.progress()} />
    )}
  </div>
)

const FailedTrim = ({ task }: { task: TaskDto }) => (
  <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 text-sm">
    <p>
      <span className="font-medium text-destructive">{messages.failed()}</span>{' '}
      {[task.error?.message, task.error?.advice].filter(Boolean).join(' ')} {messages.failedHint()}
    </p>
    <TaskActions task={task} name={messages.taskName()} />
  </div>
)

function Trimmed({ video, trim }: Pick<Props, 'video'> & { trim: NonNullable<Props['trim']> }) {
  const store = useLiveStore()
  const router = useRouter()
  const [dialog, setDialog] = useState<'change' | 'discard' | null>(null)
  const restore = restoreRequest(video.id)
  const discard = discardRequest(video.id)
  const sendRestore = () =>
    void sendApiRequest<VideoDetailsDto>(restore, (restored) => {
      store.upsert({ videos: [restored] })
      toast(messages.restored())
    })
  const sendDiscard = () => void sendApiRequest(discard, () => router.refresh())
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-2 rounded-md border px-4 py-3 text-sm">
      <p className="tabular-nums">
        {messages.trimmed({
          start: formatTimestamp(trim.startSeconds),
          end: formatTimestamp(trim.endSeconds),
          whole: formatTimestamp(trim.wholeDurationSeconds),
        })}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={() => setDialog('change')}>
          {messages.change()}
        </Button>
        <Button size="sm" title={messages.restoredHint()} onClick={sendRestore}>
          {messages.restore()}
        </Button>
        <Button size="sm" variant="ghost" onClick={() => setDialog('discard')}>
          {messages.discard()}
        </Button>
        <CopyAsCurl
          actions={[
            { label: messages.restore(), request: restore },
            { label: messages.discard(), request: discard },
          ]}
        />
      </div>
      {dialog === 'change' && <TrimDialog video={video} trim={trim} onClose={() => setDialog(null)} />}
      <ConfirmDialog
        title={messages.discardTitle()}
        description={messages.discardHint({ title: video.title })}
        confirmLabel={messages.confirmDiscard()}
        isOpen={dialog === 'discard'}
        onOpenChange={() => setDialog(null)}
        onConfirm={sendDiscard}
      />
    </div>
  )
}
