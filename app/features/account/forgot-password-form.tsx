'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/auth'
import { useState } from 'react'
import { authClient } from './auth-client'
import { describeAuthError } from './auth-error'
import { OneFieldForm } from './one-field-form'

export function ForgotPasswordForm() {
  const [sentTo, setSentTo] = useState<string | null>(null)
  if (sentTo)
    return (
      <p role="status" className="rounded-md border border-primary p-3">
        {messages.resetLinkSent({ email: sentTo })}
      </p>
    )
  return (
    <OneFieldForm
      label={commonMessages.email()}
      type="email"
      autoComplete="email"
      submitLabel={messages.sendLink()}
      onSubmit={async (email) => {
        const { error } = await authClient.requestPasswordReset({ email, redirectTo: '/reset-password' })
        if (!error) setSentTo(email)
        return error ? describeAuthError(error) : null
      }}
    />
  )
}
