'use client'

import { useState } from 'react'
import { Button } from '@/app/ui/button'
import type { DeadLetterSelection } from '@/lib/queues/dead-letters'
import { DismissForm } from './dismiss-form'
import { useAdminAction } from './use-admin-action'
import * as messages from '@/lib/generated/messages/admin'

interface Props {
  selection: DeadLetterSelection
  count: number
  /** What is selected, for screen readers. */
  name: string
}

/** Retries dead letters, one as a trial or all at once, or dismisses them with a reason. */
export function DeadLetterActions({ selection, count, name }: Props) {
  const { run, isPending } = useAdminAction()
  const [isDismissing, setDismissing] = useState(false)
  const redrive = (isTrial: boolean, successMessage: string) =>
    run({ path: 'dead-letters/redrive', body: { which: selection, isTrial }, successMessage })
  if (isDismissing)
    return (
      <DismissForm
        count={count}
        isPending={isPending}
        onCancel={() => setDismissing(false)}
        onDismiss={(reason) => {
          run({
            path: 'dead-letters/discard',
            body: { which: selection, reason },
            successMessage: messages.dismissed({ count }),
          })
          setDismissing(false)
        }}
      />
    )
  return (
    <div className="flex flex-wrap gap-2">
      {count === 1 ? (
        <Button
          size="sm"
          variant="default"
          disabled={isPending}
          aria-label={messages.retryLabel({ name })}
          onClick={() => redrive(true, messages.retrying())}
        >
          {messages.retry()}
        </Button>
      ) : (
        <>
          <Button
            size="sm"
            variant="default"
            disabled={isPending}
            aria-label={messages.retryOneLabel({ name })}
            onClick={() => redrive(true, messages.tryingOne())}
          >
            {messages.retryOne()}
          </Button>
          <Button
            size="sm"
            disabled={isPending}
            aria-label={messages.retryAllLabel({ name })}
            onClick={() => redrive(false, messages.retryingCount({ count }))}
          >
            {messages.retryAll()}
          </Button>
        </>
      )}
      <Button
        size="sm"
        variant="ghost"
        aria-label={messages.dismissLabel({ name })}
        onClick={() => setDismissing(true)}
      >
        {messages.dismissOpen()}
      </Button>
    </div>
  )
}
