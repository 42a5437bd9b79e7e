'use client'

import { useState } from 'react'
import { authClient, UNKNOWN_ERROR_MESSAGE } from './auth-client'
import { OneFieldForm } from './one-field-form'

export function ResendVerificationForm({ email: initialEmail }: { email: string }) {
  const [sentTo, setSentTo] = useState<string | null>(null)
  return (
    <>
      <OneFieldForm
        label="Email"
        hint="No message? Check your spam folder, or send the link again."
        type="email"
        autoComplete="email"
        defaultValue={initialEmail}
        submitLabel="Resend link"
        onSubmit={async (email) => {
          const { error } = await authClient.sendVerificationEmail({ email, callbackURL: '/' })
          if (!error) setSentTo(email)
          return error ? (error.message ?? UNKNOWN_ERROR_MESSAGE) : null
        }}
      />
      {sentTo && <p role="status">If {sentTo} has an unverified account, we sent it a new link.</p>}
    </>
  )
}
