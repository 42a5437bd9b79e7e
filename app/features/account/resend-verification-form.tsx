'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/auth'
import { useState } from 'react'
import { authClient } from './auth-client'
import { describeAuthError } from './auth-error'
import { OneFieldForm } from './one-field-form'

export function ResendVerificationForm({ email: initialEmail }: { email: string }) {
  const [sentTo, setSentTo] = useState<string | null>(null)
  return (
    <>
      <OneFieldForm
        label={commonMessages.email()}
        hint={messages.noMailHint()}
        type="email"
        autoComplete="email"
        defaultValue={initialEmail}
        submitLabel={messages.resendLink()}
        onSubmit={async (email) => {
          const { error } = await authClient.sendVerificationEmail({ email, callbackURL: '/' })
          if (!error) setSentTo(email)
          return error ? describeAuthError(error) : null
        }}
      />
      {sentTo && <p role="status">{messages.verificationSent({ email: sentTo })}</p>}
    </>
  )
}
