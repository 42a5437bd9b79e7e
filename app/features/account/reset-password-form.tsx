'use client'

import * as messages from '@/lib/generated/messages/auth'
import { type SyntheticEvent, useState } from 'react'
import { authClient } from './auth-client'
import { describeAuthError } from './auth-error'
import { NewPasswordInput } from './new-password-input'
import { readTextField } from './read-text-field'
import { revokeApiKeys, RevokeKeysField } from './revoke-keys-field'
import { SubmitRow } from './submit-row'

export function ResetPasswordForm({ token }: { token: string }) {
  const [revokesKeys, setRevokesKeys] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [isSubmitting, setSubmitting] = useState(false)
  async function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    const newPassword = readTextField(new FormData(event.currentTarget), 'password')
    setSubmitting(true)
    const { error } = await authClient.resetPassword({ newPassword, token, ...revokeApiKeys(revokesKeys) })
    if (!error) return window.location.assign('/sign-in?reset=done')
    setProblem(describeAuthError(error))
    setSubmitting(false)
  }
  return (
    <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <NewPasswordInput label={messages.newPassword()} name="password" />
      <RevokeKeysField isChecked={revokesKeys} onChange={setRevokesKeys} />
      <SubmitRow label={messages.setPassword()} isSubmitting={isSubmitting} problem={problem} />
    </form>
  )
}
