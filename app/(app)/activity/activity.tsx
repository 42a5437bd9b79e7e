'use client'

import Link from 'next/link'
import { useState } from 'react'
import { stateText } from '@/app/components/words'
import { useLive } from '@/app/live/live'
import type { TaskDto } from '@/lib/tasks/contract'

const states = ['all', 'queued', 'in_progress', 'done', 'failed', 'canceled'] as const
const names = {
  all: 'All',
  queued: 'Waiting',
  in_progress: 'In progress',
  done: 'Done',
  failed: 'Failed',
  canceled: 'Canceled',
}

/** Every task, newest first; chips choose the state. */
export function Activity({ seed }: { seed: { tasks: TaskDto[] } }) {
  const { tasks, videos } = useLive(seed)
  const [state, setState] = useState<(typeof states)[number]>('all')
  const titles = new Map(videos.map((video) => [video.id, video.title]))
  const shown = tasks.filter((task) => state === 'all' || task.state === state)
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-2xl font-semibold">Activity</h1>
      <div role="group" aria-label="State" className="flex flex-wrap gap-1.5">
        {states.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={state === one}
            onClick={() => setState(one)}
            className="h-8 rounded-full border px-3 text-sm text-soft aria-pressed:bg-ink aria-pressed:text-page"
          >
            {names[one]}
          </button>
        ))}
      </div>
      {shown.length === 0 ? (
        <p className="py-10 text-center text-soft">Nothing here. What you start shows up as it happens.</p>
      ) : (
        <ul className="divide-y rounded-xl border bg-raised">
          {shown.map((task) => (
            <li key={task.id}>
              <Link href={`/tasks/${task.id}`} className="flex h-10 items-center gap-3 px-4 hover:bg-sunken">
                <span className="grow truncate">
                  {task.label}
                  {task.videoId && titles.has(task.videoId) ? ` · ${titles.get(task.videoId)}` : ''}
                </span>
                <span
                  className={`shrink-0 text-sm tabular-nums ${task.state === 'failed' ? 'text-fail' : 'text-soft'}`}
                >
                  {stateText(task)}
                  {task.state === 'in_progress' ? ` · ${Math.round(task.progress * 100)} %` : ''}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
