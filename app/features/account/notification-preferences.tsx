'use client'

import { useState } from 'react'
import { toast } from 'sonner'
import { Select } from '@/app/ui/select'
import { type MailEvent, mailEventLabels } from '@/lib/mail/event-names'
import type { NotificationSettings } from '@/lib/mail/notification-settings'

const frequencies = [
  ['soon', 'As things finish'],
  ['daily', 'In one mail each morning'],
] as const

/** What is mailed, and how often. Each change is kept at once. */
export function NotificationPreferences({ settings: first }: { settings: NotificationSettings }) {
  const [settings, setSettings] = useState(first)
  async function change(to: Partial<NotificationSettings>) {
    const before = settings
    setSettings({ ...settings, ...to })
    const answer = await fetch('/api/v1/notifications', { method: 'PATCH', body: JSON.stringify(to) }).catch(
      () => null,
    )
    if (answer?.ok) return
    setSettings(before)
    toast.error('That was not kept. Try again.')
  }
  return (
    <section id="notifications" className="flex scroll-mt-20 flex-col gap-3">
      <h2 className="text-lg font-semibold">Mail</h2>
      <p className="text-muted-foreground">When many things finish within minutes, they come in one mail.</p>
      <ul className="divide-y rounded-xl border bg-card">
        {(Object.entries(mailEventLabels) as [MailEvent, string][]).map(([event, name]) => (
          <li key={event}>
            <label className="flex min-h-11 cursor-pointer items-center gap-3 px-4">
              <span className="grow">{name}</span>
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
          <span className="grow">When</span>
          <Select
            label="When"
            value={settings.gathering}
            options={frequencies}
            onChange={(gathering) => void change({ gathering })}
          />
        </li>
      </ul>
    </section>
  )
}
