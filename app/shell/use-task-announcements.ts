'use client'

import { useEffect, useRef } from 'react'
import { useLive } from '@/app/live/live-provider'
import { announce } from '@/app/ui/announcements'
import * as messages from '@/lib/generated/messages/announcements'
import type { captionVideoTask } from '@/lib/captions/tasks'
import type { createArchiveTask, importArchiveTask } from '@/lib/archives/tasks'
import type { importFileTask, importUrlTask } from '@/lib/imports/tasks'
import type { provisionMachineTask } from '@/lib/machines/tasks'
import type { TaskDto } from '@/lib/tasks/schema'
import type { replaceFileTask, transcodeVideoTask, trimVideoTask } from '@/lib/videos/tasks'

type AnnouncedKind = (
  | typeof captionVideoTask
  | typeof createArchiveTask
  | typeof importArchiveTask
  | typeof importFileTask
  | typeof importUrlTask
  | typeof provisionMachineTask
  | typeof replaceFileTask
  | typeof transcodeVideoTask
  | typeof trimVideoTask
)['name']

/** Those whose end is a notification, which is announced as well; not the steps that they consist of. */
const ANNOUNCED_KINDS: ReadonlySet<string> = new Set<AnnouncedKind>([
  'archive.create',
  'archive.import',
  'machine.provision',
  'video.caption',
  'video.import',
  'video.import-file',
  'video.replace',
  'video.transcode',
  'video.trim',
])

/** Announces the start of tasks once each. Their progress is not announced. */
export function useTaskAnnouncements() {
  const { tasks, videos, machines, lastSyncAt } = useLive()
  const known = useRef<Set<string>>(undefined)
  useEffect(() => {
    // What ran before the page was opened is no news.
    if (lastSyncAt === null) return
    const started = tasks.filter(({ kind, startedAt }) => startedAt !== null && ANNOUNCED_KINDS.has(kind))
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
