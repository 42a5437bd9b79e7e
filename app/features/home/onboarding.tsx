'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/onboarding'
import { CircleCheck, CircleDashed } from 'lucide-react'
import { useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { AutoRefresh } from '@/app/ui/auto-refresh'
import { Button } from '@/app/ui/button'
import { Section } from '@/app/ui/section'
import type { OnboardingStep } from '@/lib/onboarding/schema'

const TITLES: Record<OnboardingStep['id'], () => string> = {
  mail: messages.mail,
  storage: messages.storage,
  models: messages.models,
}

/** The first steps of an administrator. They tick themselves: the page reads the state of the server again and again. */
export function Onboarding({ steps }: { steps: OnboardingStep[] }) {
  const [isDismissed, setDismissed] = useState(false)
  if (isDismissed) return null
  async function dismiss() {
    setDismissed(true)
    const isSaved = await sendApiRequest({ url: '/api/v1/admin/onboarding', method: 'DELETE' })
    if (!isSaved) setDismissed(false)
  }
  const done = steps.filter(({ isDone }) => isDone).length
  return (
    <Section
      title={messages.title({ done, count: steps.length })}
      aside={
        <Button size="sm" variant="ghost" onClick={() => void dismiss()}>
          {messages.dismiss()}
        </Button>
      }
    >
      <AutoRefresh everySeconds={10} />
      <ul className="grid overflow-hidden rounded-xl border bg-card max-md:divide-y md:grid-cols-3 md:divide-x">
        {steps.map(({ id, isDone, detail }) => (
          <li key={id} className="flex gap-3 px-4 py-3">
            {isDone ? (
              <CircleCheck
                className="mt-0.5 size-4 shrink-0 text-primary"
                aria-label={commonMessages.done()}
              />
            ) : (
              <CircleDashed
                className="mt-0.5 size-4 shrink-0 text-muted-foreground"
                aria-label={messages.toDo()}
              />
            )}
            <div>
              <p className="font-medium">{TITLES[id]()}</p>
              <p className="text-sm text-muted-foreground">{detail}</p>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  )
}
