'use client'

import { Bell } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { Button } from '@/app/ui/button'
import type { TaskDto } from '@/lib/tasks/schema'

/** Shorter waits do not justify a permission prompt. */
const MIN_WAIT_SECONDS = 20

const permissionEvents = new EventTarget()

function subscribeToPermission(onChange: () => void) {
  permissionEvents.addEventListener('change', onChange)
  return () => permissionEvents.removeEventListener('change', onChange)
}

const useNotificationPermission = () =>
  useSyncExternalStore(
    subscribeToPermission,
    () => ('Notification' in window ? Notification.permission : 'denied'),
    () => 'denied' as const,
  )

/** Requests permission to show notifications, while one of `tasks` takes long and the user has not decided yet. */
export function NotifyMeButton({ tasks }: { tasks: TaskDto[] }) {
  const permission = useNotificationPermission()
  const isLong = tasks.some((task) => (task.etaSeconds ?? 0) > MIN_WAIT_SECONDS)
  if (permission !== 'default' || !isLong) return null
  const requestPermission = () =>
    void Notification.requestPermission().then(() => permissionEvents.dispatchEvent(new Event('change')))
  return (
    <Button variant="ghost" size="sm" onClick={requestPermission}>
      <Bell className="size-4" />
      Notify me when it’s done
    </Button>
  )
}
