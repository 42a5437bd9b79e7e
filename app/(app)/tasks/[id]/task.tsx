'use client'

import Link from 'next/link'
import { useEffect, useState } from 'react'
import { ProgressBar } from '@/app/components/progress-bar'
import { TaskActions } from '@/app/components/task-actions'
import { stateText } from '@/app/components/words'
import { useLive } from '@/app/live/live'
import type { TaskDto } from '@/lib/tasks/contract'

type LogLine = { at: string; attempt: number; level: string; message: string }

/** One task: when what happened, its attempts, and its log. */
export function TaskPage({
  id,
  seed,
  initialLog,
}: {
  id: string
  seed: { tasks: TaskDto[] }
  initialLog: LogLine[]
}) {
  const task = useLive(seed).tasks.find((one) => one.id === id)
  const log = useLog(id, initialLog, `${task?.state} ${task?.attempts}`)
  if (!task)
    return (
      <p className="py-20 text-center text-soft">
        This is no longer there.{' '}
        <Link className="underline" href="/activity">
          Activity
        </Link>
      </p>
    )
  const times = [
    ['Asked for', task.createdAt],
    ['Started', task.startedAt],
    ['Finished', task.finishedAt],
  ] as const
  return (
    <div className="flex flex-col gap-6">
      <div className="flex items-start justify-between gap-3">
        <div>
          <h1 className="text-xl font-semibold">{task.label}</h1>
          <p className="text-soft">
            {stateText(task)}
            {task.stage ? ` · ${task.stage}` : ''}
          </p>
        </div>
        <TaskActions task={task} name={task.label} />
      </div>
      {task.state === 'in_progress' && <ProgressBar value={task.progress} label="Progress" />}
      {task.error && (
        <div role="alert" className="rounded-md border border-fail px-4 py-3">
          <p className="font-medium text-fail">{task.error.message}</p>
          <p>{task.error.advice}</p>
        </div>
      )}
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4">
        {times.map(([name, at]) => (
          <div key={name}>
            <dt className="text-sm text-soft">{name}</dt>
            <dd className="tabular-nums" suppressHydrationWarning>
              {at ? new Date(at).toLocaleString() : '–'}
            </dd>
          </div>
        ))}
        <div>
          <dt className="text-sm text-soft">Attempts</dt>
          <dd className="tabular-nums">
            {task.attempts} of {task.maxAttempts}
          </dd>
        </div>
      </dl>
      {task.videoId && (
        <Link className="text-accent underline" href={`/videos/${task.videoId}`}>
          The video
        </Link>
      )}
      <section>
        <h2 className="mb-2 text-sm font-medium text-soft">Log</h2>
        {log.length === 0 ? (
          <p className="text-soft">Nothing was logged yet.</p>
        ) : (
          <ol className="overflow-x-auto rounded-xl border bg-raised p-4 font-mono text-xs">
            {log.map((line, n) => (
              <li key={n} className="whitespace-pre-wrap break-words" suppressHydrationWarning>
                <span className="text-soft">
                  {new Date(line.at).toLocaleTimeString()} #{line.attempt} {line.level}
                </span>{' '}
                {line.message}
              </li>
            ))}
          </ol>
        )}
      </section>
    </div>
  )
}

function useLog(id: string, initial: LogLine[], changed: string) {
  const [log, setLog] = useState(initial)
  useEffect(() => {
    let isCurrent = true
    fetch(`/api/v1/tasks/${id}/log`)
      .then((answer) => (answer.ok ? answer.json() : null))
      .then(
        (found: { lines: LogLine[] } | null) => isCurrent && found && setLog(found.lines),
        () => undefined,
      )
    return () => void (isCurrent = false)
  }, [id, changed])
  return log
}
