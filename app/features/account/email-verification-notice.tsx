'use client'

import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { authClient, UNKNOWN_ERROR_MESSAGE } from './auth-client'

type SendState = 'idle' | 'sending' | 'sent' | { problem: string }

/** Asks the user to verify the email address, and resends the link. */
export function EmailVerificationNotice({ email }: { email: string }) {
  const [sendState, setSendState] = useState<SendState>('idle')
  async function resend() {
    setSendState('sending')
    const { error } = await authClient.sendVerificationEmail({ email, callbackURL: '/account' })
    setSendState(error ? { problem: error.message ?? UNKNOWN_ERROR_MESSAGE } : 'sent')
  }
  return (
    <section className="flex flex-wrap items-center gap-3 rounded-xl border border-warning/60 bg-card px-4 py-3">
      <div className="min-w-0 grow basis-60">
        <h2 className="font-medium">Verify your email address</h2>
        <p className="text-sm text-muted-foreground">
          Open the link we sent to {email}. It expires after one day.
        </p>
        {sendState === 'sent' && (
          <p role="status" className="mt-1 text-sm">
            We sent you a new link.
          </p>
        )}
        {typeof sendState === 'object' && (
          <p role="alert" className="mt-1 text-sm text-destructive">
            {sendState.problem}
          </p>
        )}
      </div>
      <Button disabled={sendState === 'sending'} onClick={() => void resend()}>
        Resend link
      </Button>
    </section>
  )
}
