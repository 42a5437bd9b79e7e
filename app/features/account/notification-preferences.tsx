'use client'

import * as messages from '@/lib/generated/messages/notification-settings'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { Select } from '@/app/ui/select'
import {
  type NotificationEvent,
  notificationEventNames,
  notificationEvents,
} from '@/lib/notifications/events'
import type { NotificationSettings } from '@/lib/notifications/settings'
import type { PushSubscriptionDto } from '@/lib/push/schema'
import { PushBrowsers } from './push-browsers'

const frequencies = () =>
  [
    ['soon', messages.immediately()],
    ['daily', messages.dailySummary()],
  ] as const

/** The key of the settings of each channel, and its heading. */
const columns = [
  ['inApp', messages.inApp],
  ['events', messages.email],
  ['push', messages.push],
] as const

type Column = (typeof columns)[number][0]
type Switches = Partial<Record<NotificationEvent, boolean>>

interface Props {
  settings: NotificationSettings
  /** The browsers that receive notifications. */
  subscriptions: PushSubscriptionDto[]
}

/** Which events are shown in the app, mailed, and sent to browsers, and how often mails are sent. Each change is saved at once. */
export function NotificationPreferences({ settings: initial, subscriptions }: Props) {
  const router = useRouter()
  const [settings, setSettings] = useState(initial)
  async function change(update: Partial<NotificationSettings>) {
    const previous = settings
    setSettings({ ...settings, ...update })
    const isSaved = await sendApiRequest({
      url: '/api/v1/notifications',
      method: 'PATCH',
      body: update,
      errorMessage: messages.saveFailed(),
    })
    if (!isSaved) setSettings(previous)
    // The shell announces what is turned off where it is shown.
    else if (update.inApp) router.refresh()
  }
  return (
    <section id="notifications" className="flex scroll-mt-20 flex-col gap-3">
      <div>
        <h2 className="text-lg font-semibold">{messages.title()}</h2>
        <p className="text-muted-foreground">{messages.hint()}</p>
      </div>
      <div className="rounded-xl border bg-card">
        <table className="w-full">
          <thead>
            <tr className="border-b text-sm text-muted-foreground">
              <th scope="col" className="px-4 py-2 text-start font-medium">
                {messages.event()}
              </th>
              {columns.map(([column, heading]) => (
                <th key={column} scope="col" className="w-16 px-1 py-2 font-medium">
                  {heading()}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y">
            {notificationEventNames.map((event) => (
              <tr key={event}>
                <th scope="row" className="h-11 px-4 text-start font-normal">
                  {notificationEvents[event].label()}
                </th>
                {columns.map(([column, heading]) => (
                  <td key={column} className="p-0 text-center">
                    <EventSwitch
                      label={messages.eventInChannel({
                        event: notificationEvents[event].label(),
                        channel: heading(),
                      })}
                      isOn={(settings[column] as Switches)[event]}
                      onChange={(isOn) => void change(withSwitch(settings, { column, event, isOn }))}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <div className="flex min-h-12 flex-wrap items-center gap-3 border-t px-4 py-1.5">
          <span className="grow" aria-hidden>
            {messages.frequency()}
          </span>
          <Select
            label={messages.frequency()}
            value={settings.gathering}
            options={frequencies()}
            onChange={(gathering) => void change({ gathering })}
          />
        </div>
      </div>
      <PushBrowsers initial={subscriptions} />
    </section>
  )
}

interface SwitchProps {
  label: string
  /** Undefined: the channel does not show the event. */
  isOn: boolean | undefined
  onChange(isOn: boolean): void
}

const EventSwitch = ({ label, isOn, onChange }: SwitchProps) =>
  isOn === undefined ? (
    <span className="text-muted-foreground">
      <span aria-hidden>–</span>
      <span className="sr-only">{messages.notAvailable()}</span>
    </span>
  ) : (
    <label className="grid min-h-11 cursor-pointer place-items-center">
      <span className="sr-only">{label}</span>
      <input
        type="checkbox"
        className="size-4 accent-primary"
        checked={isOn}
        onChange={({ target }) => onChange(target.checked)}
      />
    </label>
  )

const withSwitch = (
  settings: NotificationSettings,
  { column, event, isOn }: { column: Column; event: NotificationEvent; isOn: boolean },
): Partial<NotificationSettings> => ({ [column]: { ...settings[column], [event]: isOn } })
