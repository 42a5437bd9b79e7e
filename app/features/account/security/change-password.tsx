'use client'

import { type SyntheticEvent, useState } from 'react'
import { toast } from 'sonner'
import { CheckboxField } from '@/app/ui/checkbox-field'
import { authClient, UNKNOWN_ERROR_MESSAGE } from '../auth-client'
import { LabeledInput } from '../labeled-input'
import { readTextField } from '../read-text-field'
import { SubmitRow } from '../submit-row'

export function ChangePassword() {
  const [revokesKeys, setRevokesKeys] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [isSubmitting, setSubmitting] = useState(false)
  async function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    const element = event.currentTarget
    const form = new FormData(element)
    setSubmitting(true)
    const { error } = await authClient.changePassword({
      currentPassword: readTextField(form, 'currentPassword'),
      newPassword: readTextField(form, 'newPassword'),
      // A field of the app's own policy, which the client's types do not list.
      ...(revokesKeys ? { revokeApiKeys: true } : {}),
    })
    setSubmitting(false)
    if (error) return setProblem(error.message ?? UNKNOWN_ERROR_MESSAGE)
    setProblem(null)
    element.reset()
    toast('Password changed. All other devices are signed out.')
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <LabeledInput
        label="Current password"
        name="currentPassword"
        type="password"
        required
        autoComplete="current-password"
      />
      <LabeledInput
        label="New password"
        hint="At least 10 characters."
        name="newPassword"
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
      <SubmitRow label="Change password" isSubmitting={isSubmitting} problem={problem} />
    </form>
  )
}
