'use client'

import { authClient, UNKNOWN_ERROR_MESSAGE } from './auth-client'
import { OneFieldForm } from './one-field-form'

export function ResetPasswordForm({ token }: { token: string }) {
  return (
    <OneFieldForm
      label="New password"
      hint="At least 10 characters."
      type="password"
      minLength={10}
      autoComplete="new-password"
      submitLabel="Set password"
      onSubmit={async (newPassword) => {
        const { error } = await authClient.resetPassword({ newPassword, token })
        if (!error) window.location.assign('/sign-in?reset=done')
        return error ? (error.message ?? UNKNOWN_ERROR_MESSAGE) : null
      }}
    />
  )
}
