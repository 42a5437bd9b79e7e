'use client'

import * as messages from '@/lib/generated/messages/account'
import { type SyntheticEvent, useState } from 'react'
import { keepPushOn } from '@/app/features/notifications/push-subscription'
import { toast } from '@/app/ui/toast'
import { authClient } from '../auth-client'
import { describeAuthError } from '../auth-error'
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
    if (error) return setProblem(describeAuthError(error))
    setProblem(null)
    element.reset()
    toast(messages.passwordChanged())
  }
  return (
    <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <LabeledInput
        label={messages.currentPassword()}
        name="currentPassword"
        type="password"
        required
        autoComplete="current-password"
      />
      <NewPasswordInput label={messages.newPassword()} name="newPassword" />
      <RevokeKeysField isChecked={revokesKeys} onChange={setRevokesKeys} />
      <SubmitRow label={messages.changePassword()} isSubmitting={isSubmitting} problem={problem} />
    </form>
  )
}
