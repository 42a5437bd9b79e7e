'use client'

import { useState } from 'react'
import { authClient } from './auth-client'
import { OneFieldForm } from './one-field-form'

export function ForgotPasswordForm() {
  const [sentTo, setSentTo] = useState<string | null>(null)
  if (sentTo)
    return (
      <p role="status" className="rounded-md border border-primary p-3">
        If there is an account for {sentTo}, a link is on its way. It works for an hour.
      </p>
    )
  return (
    <OneFieldForm
      label="E-mail"
      type="email"
      autoComplete="email"
      action="Send the link"
      send={async (email) => {
        const { error } = await authClient.requestPasswordReset({ email, redirectTo: '/reset-password' })
        if (!error) setSentTo(email)
        return error ? (error.message ?? 'That did not work. Try again.') : null
      }}
    />
  )
}
