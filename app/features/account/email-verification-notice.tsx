'use client'

import * as messages from '@/lib/generated/messages/account'
import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { authClient } from './auth-client'
import { describeAuthError } from './auth-error'

type SendState = 'idle' | 'sending' | 'sent' | { problem: string }

/** Asks the user to verify the email address, and resends the link. */
export function EmailVerificationNotice({ email }: { email: string }) {
  const [sendState, setSendState] = useState<SendState>('idle')
  async function resend() {
    setSendState('sending')
    const { error } = await authClient.sendVerificationEmail({ email, callbackURL: '/account' })
    setSendState(error ? { problem: describeAuthError(error) } : 'sent')
  }
  return (
    <section className="flex flex-wrap items-center gap-3 rounded-xl border border-warning/60 bg-card px-4 py-3">
      <div className="min-w-0 grow basis-60">
        <h2 className="font-medium">{messages.verifyEmail()}</h2>
        <p className="text-sm text-muted-foreground">{messages.openVerificationLink({ email })}</p>
        {sendState === 'sent' && (
          <p role="status" className="mt-1 text-sm">
            {messages.newLinkSent()}
          </p>
        )}
        {typeof sendState === 'object' && (
          <p role="alert" className="mt-1 text-sm text-destructive">
            {sendState.problem}
          </p>
        )}
      </div>
      <Button disabled={sendState === 'sending'} onClick={() => void resend()}>
        {messages.resendLink()}
      </Button>
    </section>
  )
}
