'use client'

import { Bell } from 'lucide-react'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { Button } from '@/app/components/ui/button'
import { stateNames } from '@/app/components/words'
import type { MachineDto } from '@/lib/machines/contract'
import type { LiveRows } from '@/lib/realtime/contract'
import type { TaskDto } from '@/lib/tasks/contract'
import type { VideoDto } from '@/lib/videos/contract'

/** Asked for only where waiting takes longer than this. */
const WORTH_ASKING_SECONDS = 20

const asked = new EventTarget()
function usePermission() {
  return useSyncExternalStore(
    (changed) => (
      asked.addEventListener('answer', changed),
      () => asked.removeEventListener('answer', changed)
    ),
    () => ('Notification' in window ? Notification.permission : 'denied'),
    () => 'denied' as const,
  )
}

/** Offers a notification by the browser, where one of `tasks` takes long and it was not asked for before. */
export function NotifyMe({ tasks }: { tasks: TaskDto[] }) {
  const permission = usePermission()
  const isLong = tasks.some((task) => (task.etaSeconds ?? 0) > WORTH_ASKING_SECONDS)
  if (permission !== 'default' || !isLong) return null
  const ask = () => void Notification.requestPermission().then(() => asked.dispatchEvent(new Event('answer')))
  return (
    <Button variant="ghost" size="sm" onClick={ask}>
      <Bell className="size-4" />
      Notify me when it is done
    </Button>
  )
}

/** Something that becomes ready, and where it is looked at. */
interface Awaited {
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
    for (const awaited of [...videos.map(asAwaited), ...machines.flatMap(isBeingMade)]) {
      const state = taskOf.get(awaited.taskId ?? '')?.state
      const wasOpen = ['queued', 'in_progress'].includes(before.current.get(awaited.id) ?? '')
      if (state) before.current.set(awaited.id, state)
      if (wasOpen && (state === 'done' || state === 'failed')) tell(awaited, state)
    }
  }, [tasks, videos, machines])
}

const asAwaited = ({ id, taskId, title }: VideoDto): Awaited => ({
  id,
  taskId,
  title,
  ready: 'It is ready to watch.',
  href: `/videos/${id}`,
})

/** Stopping and terminating are not waited for. */
const isBeingMade = ({ id, taskId, name, desired }: MachineDto): Awaited[] =>
  desired === 'running'
    ? [{ id, taskId, title: name, ready: 'The machine runs.', href: `/machines/${id}` }]
    : []

function tell({ id, title, ready, href }: Awaited, state: 'done' | 'failed') {
  if (!('Notification' in window) || Notification.permission !== 'granted' || !document.hidden) return
  // The tag keeps several open tabs from telling the same.
  const note = new Notification(title, {
    body: state === 'done' ? ready : stateNames.failed,
    tag: id,
  })
  note.onclick = () => {
    window.focus()
    window.location.assign(href)
  }
}
