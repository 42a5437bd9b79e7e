'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import type { DeadLetterSelection } from '@/lib/queues/dead-letters'
import { useAdminAction } from './use-admin-action'

/** What can be done with some dead letters: try one first, try all at once, or put them away with a reason. */
export function DeadLetterActions({
  which,
  count,
  name,
}: {
  which: DeadLetterSelection
  count: number
  name: string
}) {
  const { act, isPending } = useAdminAction()
  const [isDiscarding, setDiscarding] = useState(false)
  const [reason, setReason] = useState('')
  const discard = (event: FormEvent) => {
    event.preventDefault()
    act('dead-letters/discard', { which, reason }, `Put away: ${count}`)
    setDiscarding(false)
  }
  if (isDiscarding)
    return (
      <form onSubmit={discard} className="flex flex-wrap items-center gap-2">
        <Input
          aria-label="Why they are put away"
          placeholder="Why?"
          required
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          className="w-60"
        />
        <Button size="sm" variant="destructive" type="submit" disabled={isPending}>
          Put {count} away
        </Button>
        <Button size="sm" variant="ghost" onClick={() => setDiscarding(false)}>
          Keep
        </Button>
      </form>
    )
  return (
    <div className="flex flex-wrap gap-2">
      <Button
        size="sm"
        variant="default"
        disabled={isPending}
        aria-label={`${count === 1 ? 'Try again' : 'Try one, then the rest'}: ${name}`}
        onClick={() => act('dead-letters/redrive', { which, isTrial: true }, 'One goes first.')}
      >
        {count === 1 ? 'Try again' : 'Try one, then the rest'}
      </Button>
      {count > 1 && (
        <Button
          size="sm"
          disabled={isPending}
          aria-label={`Try all: ${name}`}
          onClick={() => act('dead-letters/redrive', { which, isTrial: false }, `${count} are tried again.`)}
        >
          Try all
        </Button>
      )}
      <Button size="sm" variant="ghost" aria-label={`Put away…: ${name}`} onClick={() => setDiscarding(true)}>
        Put away…
      </Button>
    </div>
  )
}
