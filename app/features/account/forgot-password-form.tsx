'use client'

import { useState } from 'react'
import { authClient, UNKNOWN_ERROR_MESSAGE } from './auth-client'
import { OneFieldForm } from './one-field-form'

export function ForgotPasswordForm() {
  const [sentTo, setSentTo] = useState<string | null>(null)
  if (sentTo)
    return (
      <p role="status" className="rounded-md border border-primary p-3">
        If {sentTo} has an account, we sent it a link to reset the password. It expires after one hour.
      </p>
    )
  return (
    <OneFieldForm
      label="Email"
      type="email"
      autoComplete="email"
      submitLabel="Send link"
      onSubmit={async (email) => {
        const { error } = await authClient.requestPasswordReset({ email, redirectTo: '/reset-password' })
        if (!error) setSentTo(email)
        return error ? (error.message ?? UNKNOWN_ERROR_MESSAGE) : null
      }}
    />
  )
}
