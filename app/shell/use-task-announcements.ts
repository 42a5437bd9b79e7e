'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { isAnnouncedKind } from '@/app/features/tasks/announced-kinds'
import { useLive } from '@/app/live/live-provider'
import { announce } from '@/app/ui/announcements'
import * as messages from '@/lib/generated/messages/announcements'
import type { MutedOutcome } from '@/lib/notifications/muted-outcomes'
import type { TaskDto } from '@/lib/tasks/schema'
import { isFinished } from '@/lib/tasks/state'

/**
 * Announces the start of tasks once each. Their end is a notification, which is announced on every page; one that the user
 * has turned off is announced here, on the pages that are about the task. Progress is not announced.
 */
export function useTaskAnnouncements(mutedOutcomes: readonly MutedOutcome[]) {
  const { tasks, videos, machines, lastSyncAt } = useLive()
  const pathname = usePathname()
  const known = useRef<Set<string>>(undefined)
  const unfinished = useRef(new Set<string>())
  useEffect(() => {
    const describe = ({ label, videoId, machineId, detail }: TaskDto) =>
      [
        videos.find(({ id }) => id === videoId)?.title ??
          machines.find(({ id }) => id === machineId)?.name ??
          detail?.filename,
        label,
      ]
        .filter(Boolean)
        .join(' · ')
    // What ran before the page was opened is no news, unlike its end.
    if (lastSyncAt !== null) {
      const started = tasks.filter(({ kind, startedAt }) => startedAt !== null && isAnnouncedKind(kind))
      const before = (known.current ??= new Set(started.map(({ id }) => id)))
      const fresh = started.filter(({ id, state }) => state === 'in_progress' && !before.has(id))
      for (const { id } of fresh) before.add(id)
      announce(...fresh.map((task) => messages.taskStarted({ task: describe(task) })))
    }
    const ended = tasks.filter(({ id, state }) => isFinished(state) && unfinished.current.delete(id))
    for (const { id, state } of tasks) if (!isFinished(state)) unfinished.current.add(id)
    for (const task of ended)
      if (isMuted(task, mutedOutcomes) && pagesAbout(task).includes(pathname))
        announce(describeEnd(task, describe(task)))
  }, [tasks, videos, machines, lastSyncAt, pathname, mutedOutcomes])
}

const isMuted = ({ kind, state }: TaskDto, outcomes: readonly string[]) =>
  outcomes.includes(`${kind}/${state}`)

const pagesAbout = ({ id, kind, videoId, machineId }: TaskDto) => [
  `/tasks/${id}`,
  ...(videoId ? [`/videos/${videoId}`] : []),
  ...(machineId ? [`/machines/${machineId}`] : []),
  ...(kind.startsWith('archive.') ? ['/archives'] : []),
]

const describeEnd = ({ error }: TaskDto, task: string) =>
  error ? messages.taskFailed({ task, problem: error.message }) : messages.taskDone({ task })
