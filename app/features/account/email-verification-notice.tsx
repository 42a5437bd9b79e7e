'use client'

import { useState } from 'react'
import { authClient } from './auth-client'
import { Button } from '@/app/ui/button'

type SendState = 'asked' | 'busy' | 'sent' | { problem: string }

/** That nobody has confirmed the address of an account yet, and how that is done. */
export function EmailVerificationNotice({ email }: { email: string }) {
  const [sending, setSending] = useState<SendState>('asked')
  async function send() {
    setSending('busy')
    const { error } = await authClient.sendVerificationEmail({ email, callbackURL: '/account' })
    setSending(error ? { problem: error.message ?? 'That did not work. Try again.' } : 'sent')
  }
  return (
    <section className="flex flex-wrap items-center gap-3 rounded-xl border border-warning/60 bg-card px-4 py-3">
      <div className="min-w-0 grow basis-60">
        <h2 className="font-medium">This address is not confirmed</h2>
        <p className="text-sm text-muted-foreground">
          Open the link in the mail to {email}. It works for a day, and shows that mail reaches you.
        </p>
        {sending === 'sent' && (
          <p role="status" className="mt-1 text-sm">
            Another link is on its way.
          </p>
        )}
        {typeof sending === 'object' && (
          <p role="alert" className="mt-1 text-sm text-destructive">
            {sending.problem}
          </p>
        )}
      </div>
      <Button disabled={sending === 'busy'} onClick={() => void send()}>
        Send the link again
      </Button>
    </section>
  )
}
