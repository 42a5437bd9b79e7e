'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/notification-settings'
import { useState } from 'react'
import { type PushState, turnPushOff, turnPushOn } from '@/app/features/notifications/push-subscription'
import { usePushState } from '@/app/features/notifications/use-push-state'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import { fetchJson } from '@/app/ui/fetch-json'
import { numberDuplicates } from '@/app/ui/number-duplicates'
import { RelativeTime } from '@/app/ui/relative-time'
import type { PushSubscriptionDto } from '@/lib/push/schema'

const stateTexts: Record<PushState, () => string> = {
  on: messages.browserOn,
  off: messages.browserOff,
  'page-only': messages.browserPageOnly,
  denied: messages.browserDenied,
  unsupported: messages.browserUnsupported,
}

/** The browsers that receive notifications, with this one first. */
export function PushBrowsers({ initial }: { initial: PushSubscriptionDto[] }) {
  const [subscriptions, setSubscriptions] = useState(initial)
  const [isBusy, setBusy] = useState(false)
  const state = usePushState()
  const remove = (id: string) =>
    sendApiRequest({ url: `/api/v1/push/${id}`, method: 'DELETE', acceptedStatuses: [404] }, () =>
      setSubscriptions((before) => before.filter((one) => one.id !== id)),
    )
  async function toggle() {
    setBusy(true)
    if (state !== 'off') {
      await turnPushOff()
      const own = subscriptions.find(({ isCurrent }) => isCurrent)
      if (own) await remove(own.id)
    } else {
      await turnPushOn()
      const push = await fetchJson<{ subscriptions: PushSubscriptionDto[] }>('/api/v1/push')
      if (push) setSubscriptions(push.subscriptions)
    }
    setBusy(false)
  }
  const others = subscriptions.filter(({ isCurrent }) => !isCurrent)
  const names = numberDuplicates(others.map(({ device }) => device))
  return (
    <ul aria-label={messages.browsers()} className="divide-y rounded-xl border bg-card">
      <li className="flex min-h-12 items-center gap-3 px-4 py-2">
        <span className="min-w-0 grow">
          <span className="block">{messages.thisBrowser()}</span>
          <span className="block text-sm text-muted-foreground">
            {state ? stateTexts[state]() : messages.checking()}
          </span>
        </span>
        {(state === 'on' || state === 'off' || state === 'page-only') && (
          <Button size="sm" data-row="current" disabled={isBusy} onClick={() => void toggle()}>
            {state === 'off' ? commonMessages.turnOn() : commonMessages.turnOff()}
          </Button>
        )}
      </li>
      {others.map(({ id, createdAt }, index) => (
        <li key={id} className="flex min-h-12 items-center gap-3 px-4 py-2">
          <span className="min-w-0 grow">
            <span className="block truncate">{names[index]}</span>
            <span className="block text-sm text-muted-foreground">
              {messages.turnedOn({ time: () => <RelativeTime at={createdAt} /> })}
            </span>
          </span>
          <Button
            variant="ghost"
            size="sm"
            data-row={id}
            aria-label={messages.turnOffBrowser({ browser: names[index]! })}
            onClick={() => void remove(id)}
          >
            {commonMessages.turnOff()}
          </Button>
        </li>
      ))}
    </ul>
  )
}
