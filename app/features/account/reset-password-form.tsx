'use client'

import { authClient } from './auth-client'
import { OneFieldForm } from './one-field-form'

export function ResetPasswordForm({ token }: { token: string }) {
  return (
    <OneFieldForm
      label="New password"
      hint="10 characters or more."
      type="password"
      minLength={10}
      autoComplete="new-password"
      action="Set the password"
      send={async (newPassword) => {
        const { error } = await authClient.resetPassword({ newPassword, token })
        if (!error) window.location.assign('/sign-in?reset=done')
        return error ? (error.message ?? 'That did not work. Try again.') : null
      }}
    />
  )
}
