'use client'

import { useEffect, useRef } from 'react'
import type { MachineDto } from '@/lib/machines/schema'
import type { LiveRows } from '@/lib/realtime/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'

interface NotifiableItem {
  id: string
  taskId: string | null
  title: string
  doneMessage: string
  failedMessage: string
  /** The page that a click on the notification opens. */
  href: string
}

/** Shows one browser notification for each video and machine that becomes ready or fails while the tab is hidden. */
export function useNotifications({
  tasks,
  videos,
  machines,
}: Pick<LiveRows, 'tasks' | 'videos' | 'machines'>) {
  const previousStates = useRef(new Map<string, TaskDto['state']>())
  useEffect(() => {
    const tasksById = new Map(tasks.map((task) => [task.id, task]))
    for (const item of [...videos.map(toNotifiableVideo), ...machines.flatMap(toNotifiableMachine)]) {
      const state = tasksById.get(item.taskId ?? '')?.state
      const previous = previousStates.current.get(item.id)
      if (state) previousStates.current.set(item.id, state)
      const wasUnfinished = previous === 'queued' || previous === 'in_progress'
      if (wasUnfinished && (state === 'done' || state === 'failed')) showNotification(item, state)
    }
  }, [tasks, videos, machines])
}

const toNotifiableVideo = ({ id, taskId, title }: VideoDto): NotifiableItem => ({
  id,
  taskId,
  title,
  doneMessage: 'Ready to watch.',
  failedMessage: 'Processing failed.',
  href: `/videos/${id}`,
})

/** Stopping and terminating do not notify. */
const toNotifiableMachine = ({ id, taskId, name, desired }: MachineDto): NotifiableItem[] =>
  desired === 'running'
    ? [
        {
          id,
          taskId,
          title: name,
          doneMessage: 'The machine is running.',
          failedMessage: 'The machine failed to start.',
          href: `/machines/${id}`,
        },
      ]
    : []

function showNotification(
  { id, title, doneMessage, failedMessage, href }: NotifiableItem,
  state: 'done' | 'failed',
) {
  if (!('Notification' in window) || Notification.permission !== 'granted' || !document.hidden) return
  // Several open tabs show one notification per tag.
  const notification = new Notification(title, {
    body: state === 'done' ? doneMessage : failedMessage,
    tag: id,
  })
  notification.onclick = () => {
    window.focus()
    window.location.assign(href)
  }
}
