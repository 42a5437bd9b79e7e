'use client'

import { useState } from 'react'
import { Button } from '@/app/ui/button'
import type { DeadLetterSelection } from '@/lib/queues/dead-letters'
import { DismissForm } from './dismiss-form'
import { useAdminAction } from './use-admin-action'

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
            successMessage: `Dismissed ${count}`,
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
          aria-label={`Retry: ${name}`}
          onClick={() => redrive(true, 'Retrying')}
        >
          Retry
        </Button>
      ) : (
        <>
          <Button
            size="sm"
            variant="default"
            disabled={isPending}
            aria-label={`Retry one, then the rest: ${name}`}
            onClick={() => redrive(true, 'Trying one first')}
          >
            Retry one, then the rest
          </Button>
          <Button
            size="sm"
            disabled={isPending}
            aria-label={`Retry all: ${name}`}
            onClick={() => redrive(false, `Retrying ${count}`)}
          >
            Retry all
          </Button>
        </>
      )}
      <Button size="sm" variant="ghost" aria-label={`Dismiss: ${name}`} onClick={() => setDismissing(true)}>
        Dismiss…
      </Button>
    </div>
  )
}
