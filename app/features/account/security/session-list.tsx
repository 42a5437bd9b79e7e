'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/account'
import { useState } from 'react'
import { toast } from '@/app/ui/toast'
import { Button } from '@/app/ui/button'
import { numberDuplicates } from '@/app/ui/number-duplicates'
import { RelativeTime } from '@/app/ui/relative-time'
import type { SessionSummary } from '@/lib/accounts/account-sessions'
import { authClient } from '../auth-client'
import { describeAuthError } from '../auth-error'

/** The browsers that are signed in to the account. */
export function SessionList({ initial }: { initial: SessionSummary[] }) {
  const [sessions, setSessions] = useState(initial)
  const names = numberDuplicates(sessions.map(({ device }) => device))
  async function end(id: string) {
    const { error } = await authClient.$fetch('/end-session', { method: 'POST', body: { id } })
    if (error && error.status !== 404) return toast.error(describeAuthError(error))
    setSessions((before) => before.filter((session) => session.id !== id))
  }
  async function endOthers() {
    const { error } = await authClient.revokeOtherSessions()
    if (error) return toast.error(describeAuthError(error))
    setSessions((before) => before.filter(({ isCurrent }) => isCurrent))
    toast(messages.othersSignedOut())
  }
  return (
    <div className="flex flex-col gap-3">
      <ul className="divide-y rounded-xl border bg-card" aria-label={messages.sessions()}>
        {sessions.map(({ id, address, lastSeenAt, isCurrent }, index) => (
          <li key={id} className="flex min-h-12 items-center gap-3 px-4 py-2">
            <span className="min-w-0 grow">
              <span className="block truncate">{names[index]}</span>
              <span className="block text-sm text-muted-foreground">
                {address || messages.unknownAddress()} ·{' '}
                {isCurrent
                  ? messages.thisBrowserInList()
                  : messages.lastSeen({ time: () => <RelativeTime at={lastSeenAt} /> })}
              </span>
            </span>
            {!isCurrent && (
              <Button
                variant="ghost"
                size="sm"
                data-row={id}
                aria-label={messages.signOutDevice({ device: names[index]! })}
                onClick={() => void end(id)}
              >
                {commonMessages.signOut()}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <Button className="self-start" onClick={() => void endOthers()}>
          {messages.signOutOthers()}
        </Button>
      )}
    </div>
  )
}
