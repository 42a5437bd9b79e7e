'use client'

import { useState } from 'react'
import { authClient } from './auth-client'
import { OneFieldForm } from './one-field-form'

export function ResendVerificationForm({ email: given }: { email: string }) {
  const [sentTo, setSentTo] = useState<string | null>(null)
  return (
    <>
      <OneFieldForm
        label="Nothing there? It may be among the spam. Otherwise:"
        aria-label="E-mail"
        type="email"
        autoComplete="email"
        defaultValue={given}
        action="Send it again"
        send={async (email) => {
          const { error } = await authClient.sendVerificationEmail({ email, callbackURL: '/' })
          if (!error) setSentTo(email)
          return error ? (error.message ?? 'That did not work. Try again.') : null
        }}
      />
      {sentTo && <p role="status">If an account for {sentTo} waits for it, another link is on its way.</p>}
    </>
  )
}
