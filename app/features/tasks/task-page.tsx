'use client'

import { ChevronLeft } from 'lucide-react'
import { Link } from '@/app/ui/link'
import { useEffect, useState } from 'react'
import { Section } from '@/app/ui/section'
import { TaskActions } from './task-actions'
import { TaskStatusIcon } from './task-status-icon'
import { Progress } from '@/app/ui/progress'
import { taskStateLabel } from './task-state'
import { formatTimeLeft } from '@/app/ui/format'
import { useLive } from '@/app/live/live-provider'
import type { LiveRows } from '@/lib/realtime/schema'
import type { AttemptDto } from '@/lib/tasks/attempts'
import type { LogLineDto } from '@/lib/tasks/schema'
import { TaskTimeline } from './task-timeline'
import { TaskLog } from './task-log'

interface Props {
  id: string
  seed: LiveRows
  initialLog: LogLineDto[]
  initialAttempts: AttemptDto[]
}

/** One task: when what happened, its attempts, and its log. */
export function TaskPage({ id, seed, initialLog, initialAttempts }: Props) {
  const { tasks, videos, machines } = useLive(seed)
  const task = tasks.find((one) => one.id === id)
  const changed = `${task?.state} ${task?.attempts} ${task?.startedAt} ${task?.seenAt}`
  const log = useRefetchOnChange(`/api/v1/tasks/${id}/log`, 'lines', initialLog, changed)
  const attempts = useRefetchOnChange(`/api/v1/tasks/${id}/attempts`, 'attempts', initialAttempts, changed)
  if (!task)
    return (
      <p className="py-20 text-center text-muted-foreground">
        This is no longer there.{' '}
        <Link className="underline" href="/activity">
          Activity
        </Link>
      </p>
    )
  const video = videos.find((one) => one.id === task.videoId)
  const machine = machines.find((one) => one.id === task.machineId)
  const subject =
    (video && { href: `/videos/${video.id}`, name: video.title }) ??
    (machine && { href: `/machines/${machine.id}`, name: machine.name })
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div>
          {subject && (
            <Link
              href={subject.href}
              className="mb-1 inline-flex items-center gap-1 text-sm text-muted-foreground hover:text-foreground"
            >
              <ChevronLeft className="size-3.5" aria-hidden />
              {subject.name}
            </Link>
          )}
          <h1 className="text-xl font-semibold">{task.label}</h1>
          <p className="flex items-center gap-2 text-muted-foreground tabular-nums">
            <TaskStatusIcon state={task.state} />
            {taskStateLabel(task)}
            {task.state === 'in_progress' && ` · ${task.stage ?? ''} · ${Math.round(task.progress * 100)} %`}
            {task.etaSeconds !== null &&
              task.state === 'in_progress' &&
              ` · ${formatTimeLeft(task.etaSeconds)}`}
            {task.detail?.speed &&
              task.state === 'in_progress' &&
              ` · ${task.detail.speed.toFixed(1)}× real time`}
          </p>
        </div>
        <TaskActions task={task} name={task.label} />
      </div>
      {task.state === 'in_progress' && <Progress value={task.progress} label={`Progress of ${task.label}`} />}
      {task.error && (
        <div role="alert" className="rounded-xl border border-destructive/50 bg-destructive/5 px-4 py-3">
          <p className="font-medium text-destructive">{task.error.message}</p>
          <p>{task.error.advice}</p>
        </div>
      )}
      <div className="grid gap-6 md:grid-cols-[18rem_minmax(0,1fr)]">
        <Section title="Timeline">
          <TaskTimeline task={task} attempts={attempts} />
        </Section>
        <Section title="Log">
          <TaskLog lines={log} />
        </Section>
      </div>
    </div>
  )
}

/** What `path` answers under `key`, asked for again when `changed` is another. */
function useRefetchOnChange<Row>(path: string, key: string, initial: Row[], changed: string) {
  const [rows, setRows] = useState(initial)
  useEffect(() => {
    let isCurrent = true
    fetch(path)
      .then((answer) => (answer.ok ? (answer.json() as Promise<Record<string, Row[]>>) : null))
      .then(
        (found) => isCurrent && found?.[key] && setRows(found[key]),
        () => undefined,
      )
    return () => void (isCurrent = false)
  }, [path, key, changed])
  return rows
}
