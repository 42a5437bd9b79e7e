'use client'

import { Bell } from 'lucide-react'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { Button } from '@/app/ui/button'
import { taskStateLabels } from '@/app/ui/format'
import type { MachineDto } from '@/lib/machines/schema'
import type { LiveRows } from '@/lib/realtime/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'

/** Asked for only where waiting takes longer than this. */
const MIN_WAIT_SECONDS = 20

const permissionEvents = new EventTarget()
function useNotificationPermission() {
  return useSyncExternalStore(
    (changed) => (
      permissionEvents.addEventListener('answer', changed),
      () => permissionEvents.removeEventListener('answer', changed)
    ),
    () => ('Notification' in window ? Notification.permission : 'denied'),
    () => 'denied' as const,
  )
}

/** Offers a notification by the browser, where one of `tasks` takes long and it was not asked for before. */
export function NotifyMeButton({ tasks }: { tasks: TaskDto[] }) {
  const permission = useNotificationPermission()
  const isLong = tasks.some((task) => (task.etaSeconds ?? 0) > MIN_WAIT_SECONDS)
  if (permission !== 'default' || !isLong) return null
  const ask = () =>
    void Notification.requestPermission().then(() => permissionEvents.dispatchEvent(new Event('answer')))
  return (
    <Button variant="ghost" size="sm" onClick={ask}>
      <Bell className="size-4" />
      Notify me when it is done
    </Button>
  )
}

/** Something that becomes ready, and where it is looked at. */
interface NotifiableItem {
  id: string
  taskId: string | null
  title: string
  ready: string
  href: string
}

/** Tells, once each, which videos and machines became ready or failed while this tab was not looked at. */
export function useNotifications({
  tasks,
  videos,
  machines,
}: Pick<LiveRows, 'tasks' | 'videos' | 'machines'>) {
  const before = useRef(new Map<string, TaskDto['state']>())
  useEffect(() => {
    const taskOf = new Map(tasks.map((task) => [task.id, task]))
    for (const awaited of [...videos.map(toNotifiableVideo), ...machines.flatMap(toNotifiableMachine)]) {
      const state = taskOf.get(awaited.taskId ?? '')?.state
      const wasOpen = ['queued', 'in_progress'].includes(before.current.get(awaited.id) ?? '')
      if (state) before.current.set(awaited.id, state)
      if (wasOpen && (state === 'done' || state === 'failed')) showNotification(awaited, state)
    }
  }, [tasks, videos, machines])
}

const toNotifiableVideo = ({ id, taskId, title }: VideoDto): NotifiableItem => ({
  id,
  taskId,
  title,
  ready: 'It is ready to watch.',
  href: `/videos/${id}`,
})

/** Stopping and terminating are not waited for. */
const toNotifiableMachine = ({ id, taskId, name, desired }: MachineDto): NotifiableItem[] =>
  desired === 'running'
    ? [{ id, taskId, title: name, ready: 'The machine runs.', href: `/machines/${id}` }]
    : []

function showNotification({ id, title, ready, href }: NotifiableItem, state: 'done' | 'failed') {
  if (!('Notification' in window) || Notification.permission !== 'granted' || !document.hidden) return
  // The tag keeps several open tabs from telling the same.
  const note = new Notification(title, {
    body: state === 'done' ? ready : taskStateLabels.failed,
    tag: id,
  })
  note.onclick = () => {
    window.focus()
    window.location.assign(href)
  }
}
