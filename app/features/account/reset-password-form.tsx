'use client'

import { type SyntheticEvent, useState } from 'react'
import { CheckboxField } from '@/app/ui/checkbox-field'
import { authClient, UNKNOWN_ERROR_MESSAGE } from './auth-client'
import { LabeledInput } from './labeled-input'
import { readTextField } from './read-text-field'
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
    setProblem(error.message ?? UNKNOWN_ERROR_MESSAGE)
    setSubmitting(false)
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <LabeledInput
        label="New password"
        hint="At least 10 characters."
        name="password"
        type="password"
        required
        minLength={10}
        autoComplete="new-password"
      />
      <CheckboxField
        label="Revoke my API keys too"
        hint="If another person may have had access to your account."
        isChecked={revokesKeys}
        onChange={setRevokesKeys}
      />
      <SubmitRow label="Set password" isSubmitting={isSubmitting} problem={problem} />
    </form>
  )
}

/** A field of the app's own policy, which the client's types do not list. */
const revokeApiKeys = (isRequested: boolean) => (isRequested ? { revokeApiKeys: true } : {})
