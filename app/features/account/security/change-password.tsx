'use client'

import { type SyntheticEvent, useState } from 'react'
import { keepPushOn } from '@/app/features/notifications/push-subscription'
import { toast } from '@/app/ui/toast'
import { authClient, UNKNOWN_ERROR_MESSAGE } from '../auth-client'
import { LabeledInput } from '../labeled-input'
import { NewPasswordInput } from '../new-password-input'
import { readTextField } from '../read-text-field'
import { revokeApiKeys, RevokeKeysField } from '../revoke-keys-field'
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
    const { error } = await keepPushOn(() =>
      authClient.changePassword({
        currentPassword: readTextField(form, 'currentPassword'),
        newPassword: readTextField(form, 'newPassword'),
        ...revokeApiKeys(revokesKeys),
      }),
    )
    setSubmitting(false)
    if (error) return setProblem(error.message ?? UNKNOWN_ERROR_MESSAGE)
    setProblem(null)
    element.reset()
    toast('Password changed. All other devices are signed out.')
  }
  return (
    <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <LabeledInput
        label="Current password"
        name="currentPassword"
        type="password"
        required
        autoComplete="current-password"
      />
      <NewPasswordInput label="New password" name="newPassword" />
      <RevokeKeysField isChecked={revokesKeys} onChange={setRevokesKeys} />
      <SubmitRow label="Change password" isSubmitting={isSubmitting} problem={problem} />
    </form>
  )
}
