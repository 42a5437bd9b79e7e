'use client'

import { useState } from 'react'
import { toast } from '@/app/ui/toast'
import { MAX_NAME_LENGTH } from '@/lib/accounts/display-name'
import { authClient, UNKNOWN_ERROR_MESSAGE } from './auth-client'
import { OneFieldForm } from './one-field-form'
import { withIdentityCheck } from './security/with-identity-check'

/** Name and email address. A new address is used once its owner opens the link in a mail. */
export function ProfileForm({ name, email }: { name: string; email: string }) {
  const [sentTo, setSentTo] = useState<string | null>(null)
  async function changeName(newName: string) {
    const { error } = await authClient.updateUser({ name: newName })
    if (error) return error.message ?? UNKNOWN_ERROR_MESSAGE
    toast('Name changed.')
    return null
  }
  async function changeEmail(newEmail: string) {
    const request = { newEmail, callbackURL: '/account' }
    const { error } = await withIdentityCheck(() => authClient.changeEmail(request))
    if (error) return error.message ?? UNKNOWN_ERROR_MESSAGE
    setSentTo(newEmail)
    return null
  }
  return (
    <section className="flex flex-col gap-4">
      <h2 className="text-lg font-semibold">Profile</h2>
      <div className="grid gap-6 sm:grid-cols-2">
        <OneFieldForm
          label="Name"
          defaultValue={name}
          maxLength={MAX_NAME_LENGTH}
          autoComplete="name"
          submitLabel="Change name"
          isQuiet
          onSubmit={changeName}
        />
        <OneFieldForm
          label="Email"
          type="email"
          defaultValue={email}
          autoComplete="email"
          submitLabel="Change email"
          isQuiet
          onSubmit={changeEmail}
        />
      </div>
      {sentTo && (
        <p role="status" className="rounded-md border border-primary p-3 text-sm">
          Open the link we sent to {sentTo} in this browser. Until then your address stays {email}.
        </p>
      )}
    </section>
  )
}
