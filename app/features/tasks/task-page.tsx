'use client'

import * as messages from '@/lib/generated/messages/task-page'
import { useLive } from '@/app/live/live-provider'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { DeletedNotice } from '@/app/ui/deleted-notice'
import { formatNumber } from '@/app/ui/format'
import { Progress } from '@/app/ui/progress'
import { Section } from '@/app/ui/section'
import { useRefetchOnChange } from '@/app/ui/use-refetch-on-change'
import type { LiveRows } from '@/lib/realtime/schema'
import type { AttemptDto } from '@/lib/tasks/attempts'
import type { LogLineDto, TaskDto } from '@/lib/tasks/schema'
import { isAnnouncedKind } from './announced-kinds'
import { TaskActions } from './task-actions'
import { taskAction } from './task-requests'
import { TaskHeader } from './task-header'
import { TaskLog } from './task-log'
import { TaskTimeline } from './task-timeline'
import { describeProgress, describeStart, describeTimeLeft, hasKnownProgress } from './time-left'

interface Props {
  id: string
  seed: Omit<LiveRows, 'notifications' | 'playlists'>
  initialLog: LogLineDto[]
  initialAttempts: AttemptDto[]
}

/** One task: its state, timeline, and log. */
export function TaskPage({ id, seed, initialLog, initialAttempts }: Props) {
  const { tasks, videos, machines } = useLive(seed)
  const task = tasks.find((row) => row.id === id)
  const changeKey = `${task?.state} ${task?.attempts} ${task?.startedAt} ${task?.seenAt}`
  const { lines } = useRefetchOnChange(`/api/v1/tasks/${id}/log`, { lines: initialLog }, changeKey)
  const { attempts } = useRefetchOnChange(
    `/api/v1/tasks/${id}/attempts`,
    { attempts: initialAttempts },
    changeKey,
  )
  if (!task)
    return <DeletedNotice message={messages.deleted()} href="/activity" linkText={messages.viewActivity()} />
  const video = videos.find((row) => row.id === task.videoId)
  const machine = machines.find((row) => row.id === task.machineId)
  const subject =
    (video && { href: `/videos/${video.id}`, name: video.title }) ??
    (machine && { href: `/machines/${machine.id}`, name: machine.name }) ??
    (task.kind.startsWith('archive.') ? { href: '/archives', name: messages.encryptedArchives() } : undefined)
  return (
    <div className="flex flex-col gap-6">
      <TaskHeader task={task} back={subject} title={task.detail?.filename} note={taskNote(task)}>
        <div className="flex gap-1">
          <TaskActions task={task} name={task.label} />
          <CopyAsCurl actions={[taskAction(task) ?? []].flat()} />
        </div>
      </TaskHeader>
      {task.state === 'in_progress' && hasKnownProgress(task) && (
        <Progress value={task.progress} label={messages.progressOf({ task: task.label })} />
      )}
      {task.error && (
        // Announced once.
        <div
          role={isAnnouncedKind(task.kind) ? undefined : 'alert'}
          data-testid="task-error"
          className="rounded-xl border border-destructive/50 bg-destructive/5 px-4 py-3"
        >
          <p className="font-medium text-destructive">{task.error.message}</p>
          <p>{task.error.advice}</p>
        </div>
      )}
      <div className="grid gap-6 md:grid-cols-[18rem_minmax(0,1fr)]">
        <Section title={messages.timeline()}>
          <TaskTimeline task={task} attempts={attempts} />
        </Section>
        <Section title={messages.log()}>
          <TaskLog lines={lines} />
        </Section>
      </div>
    </div>
  )
}

const ONE_DIGIT = { minimumFractionDigits: 1, maximumFractionDigits: 1 }

/** What follows the state: the progress of a running task, or when a waiting one starts. */
function taskNote(task: TaskDto) {
  const { state, stage, detail } = task
  const parts =
    state === 'in_progress'
      ? [
          stage,
          describeProgress(task),
          describeTimeLeft(task),
          detail?.speed && messages.speed({ factor: formatNumber(detail.speed, ONE_DIGIT) }),
        ]
      : [describeStart(task)]
  return parts.map((part) => (part ? ` · ${part}` : '')).join('')
}
