'use client'

import Link from 'next/link'
import type { ReactNode } from 'react'
import { DropZone } from '@/app/components/drop-zone'
import { useListKeys } from '@/app/components/list-keys'
import { Section } from '@/app/components/section'
import { VideoRow } from '@/app/components/video-row'
import { When } from '@/app/components/when'
import { isOpen } from '@/app/components/words'
import { useLive } from '@/app/live/live'
import { NotifyMe } from '@/app/live/notify-me'
import type { TaskDto } from '@/lib/tasks/contract'
import type { VideoDto } from '@/lib/videos/contract'

const RECENT = 5

/** The drop zone, what finished since the last visit, and what goes on. */
export function Home({ seed, since }: { seed: { tasks: TaskDto[]; videos: VideoDto[] }; since: string }) {
  const { tasks, videos } = useLive(seed)
  useListKeys()
  const taskOf = new Map(tasks.map((task) => [task.id, task]))
  const rows = videos.map((video) => ({ video, task: taskOf.get(video.taskId ?? '') }))
  const open = rows.filter(({ video, task }) => isOpen(task ?? video))
  const closed = rows.filter(({ video, task }) => !isOpen(task ?? video))
  const finishedAt = ({ video, task }: (typeof rows)[number]) => task?.finishedAt ?? video.finishedAt ?? ''
  const finished = closed.filter((row) => finishedAt(row) > since)
  const earlier = closed.filter((row) => !finished.includes(row)).slice(0, RECENT)
  const list = (these: typeof rows): ReactNode => (
    <ul className="divide-y overflow-hidden rounded-xl border bg-card">
      {these.map((row) => (
        <VideoRow key={row.video.id} {...row} />
      ))}
    </ul>
  )
  return (
    <div className="flex flex-col gap-8">
      <DropZone />
      {finished.length > 0 && (
        <Section
          title="While you were away"
          aside={
            <span className="text-sm text-muted-foreground">
              since <When at={since} />
            </span>
          }
        >
          {list(finished)}
        </Section>
      )}
      {open.length > 0 && (
        <Section title="In progress" aside={<NotifyMe tasks={open.flatMap(({ task }) => task ?? [])} />}>
          {list(open)}
        </Section>
      )}
      {earlier.length > 0 && (
        <Section
          title="Earlier"
          aside={
            <Link
              href="/videos"
              className="text-sm text-muted-foreground hover:text-foreground hover:underline"
            >
              All videos
            </Link>
          }
        >
          {list(earlier)}
        </Section>
      )}
      {rows.length === 0 && (
        <p className="text-center text-muted-foreground">
          Nothing yet. Your first video appears here as soon as it is dropped.
        </p>
      )}
    </div>
  )
}
