'use client'

import type { ReactNode } from 'react'
import { DropZone } from '@/app/components/drop-zone'
import { VideoRow } from '@/app/components/video-row'
import { useLive } from '@/app/live/live'
import type { TaskDto } from '@/lib/tasks/contract'
import type { VideoDto } from '@/lib/videos/contract'

/** The drop zone, what goes on, and what finished since the last visit. */
export function Home({ seed, since }: { seed: { tasks: TaskDto[]; videos: VideoDto[] }; since: string }) {
  const { tasks, videos } = useLive(seed)
  const taskOf = new Map(tasks.map((task) => [task.id, task]))
  const rows = videos.map((video) => ({ video, task: taskOf.get(video.taskId ?? '') }))
  const isOpen = ({ video, task }: (typeof rows)[number]) =>
    ['queued', 'in_progress'].includes(task?.state ?? video.state)
  const finishedAt = ({ video, task }: (typeof rows)[number]) => task?.finishedAt ?? video.finishedAt ?? ''
  const open = rows.filter(isOpen)
  const finished = rows.filter((row) => !isOpen(row) && finishedAt(row) > since)
  return (
    <div className="flex flex-col gap-8">
      <DropZone />
      {open.length > 0 && (
        <Section title="In progress">
          {open.map((row) => (
            <VideoRow key={row.video.id} {...row} />
          ))}
        </Section>
      )}
      {finished.length > 0 && (
        <Section title="While you were away">
          {finished.map((row) => (
            <VideoRow key={row.video.id} {...row} />
          ))}
        </Section>
      )}
      {rows.length === 0 && (
        <p className="text-center text-soft">
          Nothing yet. Your first video appears here as soon as it is dropped.
        </p>
      )}
    </div>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="mb-2 text-sm font-medium text-soft">{title}</h2>
      <ul className="divide-y rounded-xl border bg-raised">{children}</ul>
    </section>
  )
}
