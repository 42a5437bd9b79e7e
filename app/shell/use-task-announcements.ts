'use client'

import { useEffect, useRef } from 'react'
import { isAnnouncedKind } from '@/app/features/tasks/announced-kinds'
import { useLive } from '@/app/live/live-provider'
import { announce } from '@/app/ui/announcements'
import * as messages from '@/lib/generated/messages/announcements'
import type { TaskDto } from '@/lib/tasks/schema'

/** Announces the start of tasks once each. Their progress is not announced. */
export function useTaskAnnouncements() {
  const { tasks, videos, machines, lastSyncAt } = useLive()
  const known = useRef<Set<string>>(undefined)
  useEffect(() => {
    // What ran before the page was opened is no news.
    if (lastSyncAt === null) return
    const started = tasks.filter(({ kind, startedAt }) => startedAt !== null && isAnnouncedKind(kind))
    const before = (known.current ??= new Set(started.map(({ id }) => id)))
    const fresh = started.filter(({ id, state }) => state === 'in_progress' && !before.has(id))
    for (const { id } of fresh) before.add(id)
    const nameOf = ({ videoId, machineId, detail }: TaskDto) =>
      videos.find(({ id }) => id === videoId)?.title ??
      machines.find(({ id }) => id === machineId)?.name ??
      detail?.filename
    announce(...fresh.map((task) => describeStart(task.label, nameOf(task))))
  }, [tasks, videos, machines, lastSyncAt])
}

const describeStart = (task: string, name?: string | null) =>
  name ? messages.taskStartedNamed({ task, name }) : messages.taskStarted({ task })
