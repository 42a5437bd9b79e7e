'use client'

import { useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { Select } from '@/app/ui/select'
import { type MailEvent, mailEventLabels } from '@/lib/mail/event-names'
import type { NotificationSettings } from '@/lib/mail/notification-settings'

const frequencies = [
  ['soon', 'Immediately'],
  ['daily', 'Daily summary'],
] as const

/** Which events are mailed, and how often. Each change is saved at once. */
export function NotificationPreferences({ settings: initial }: { settings: NotificationSettings }) {
  const [settings, setSettings] = useState(initial)
  async function change(update: Partial<NotificationSettings>) {
    const previous = settings
    setSettings({ ...settings, ...update })
    const isSaved = await sendApiRequest({
      url: '/api/v1/notifications',
      method: 'PATCH',
      body: update,
      errorMessage: 'Couldn’t save. Try again.',
    })
    if (!isSaved) setSettings(previous)
  }
  return (
    <section id="notifications" className="flex scroll-mt-20 flex-col gap-3">
      <div>
        <h2 className="text-lg font-semibold">Email notifications</h2>
        <p className="text-muted-foreground">
          Events within a few minutes of each other are combined into one message.
        </p>
      </div>
      <ul className="divide-y rounded-xl border bg-card">
        {(Object.entries(mailEventLabels) as [MailEvent, string][]).map(([event, label]) => (
          <li key={event}>
            <label className="flex min-h-11 cursor-pointer items-center gap-3 px-4">
              <span className="grow">{label}</span>
              <input
                type="checkbox"
                className="size-4 accent-primary"
                checked={settings.events[event]}
                onChange={({ target }) =>
                  void change({ events: { ...settings.events, [event]: target.checked } })
                }
              />
            </label>
          </li>
        ))}
        <li className="flex min-h-12 flex-wrap items-center gap-3 px-4 py-1.5">
          <span className="grow" aria-hidden>
            Frequency
          </span>
          <Select
            label="Frequency"
            value={settings.gathering}
            options={frequencies}
            onChange={(gathering) => void change({ gathering })}
          />
        </li>
      </ul>
    </section>
  )
}
