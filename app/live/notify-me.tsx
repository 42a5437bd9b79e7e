'use client'

import { Bell } from 'lucide-react'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { Button } from '@/app/components/ui/button'
import { stateNames } from '@/app/components/words'
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

/** Tells, once each, which videos became done or failed while this tab was not looked at. */
export function useNotifications({ tasks, videos }: { tasks: TaskDto[]; videos: VideoDto[] }) {
  const before = useRef(new Map<string, TaskDto['state']>())
  useEffect(() => {
    for (const video of videos) {
      const state = tasks.find((task) => task.id === video.taskId)?.state ?? video.state
      const wasOpen = ['queued', 'in_progress'].includes(before.current.get(video.id) ?? '')
      before.current.set(video.id, state)
      if (wasOpen && (state === 'done' || state === 'failed')) tell(video, state)
    }
  }, [tasks, videos])
}

function tell(video: VideoDto, state: 'done' | 'failed') {
  if (!('Notification' in window) || Notification.permission !== 'granted' || !document.hidden) return
  // The tag keeps several open tabs from telling the same.
  const note = new Notification(video.title, {
    body: state === 'done' ? 'It is ready to watch.' : stateNames.failed,
    tag: video.id,
  })
  note.onclick = () => {
    window.focus()
    window.location.assign(`/videos/${video.id}`)
  }
}
