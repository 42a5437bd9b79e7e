'use client'

import * as messages from '@/lib/generated/messages/tasks'
import { Bell } from 'lucide-react'
import { turnPushOn } from '@/app/features/notifications/push-subscription'
import { usePushState } from '@/app/features/notifications/use-push-state'
import { Button } from '@/app/ui/button'
import { toast } from '@/app/ui/toast'
import type { TaskDto } from '@/lib/tasks/schema'

/** Shorter waits do not justify a permission prompt. */
const MIN_WAIT_SECONDS = 20

/** Turns on notifications of this browser, while one of `tasks` takes long and the user has not decided yet. */
export function NotifyMeButton({ tasks }: { tasks: TaskDto[] }) {
  const state = usePushState()
  const isLong = tasks.some((task) => (task.etaSeconds ?? 0) > MIN_WAIT_SECONDS)
  if (state !== 'off' || !isLong) return null
  const turnOn = async () => {
    const result = await turnPushOn()
    if (result === 'on') toast(messages.browserNotifies())
    if (result === 'page-only') toast(messages.pushUnavailable())
  }
  return (
    <Button variant="ghost" size="sm" onClick={() => void turnOn()}>
      <Bell className="size-4" />
      {messages.notifyMe()}
    </Button>
  )
}
