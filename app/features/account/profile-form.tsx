'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/account'
import { useState } from 'react'
import { toast } from '@/app/ui/toast'
import { MAX_NAME_LENGTH } from '@/lib/accounts/display-name'
import { authClient } from './auth-client'
import { describeAuthError } from './auth-error'
import { OneFieldForm } from './one-field-form'
import { withIdentityCheck } from './security/with-identity-check'

/** Name and email address. A new address is used once its owner opens the link in a mail. */
export function ProfileForm({ name, email }: { name: string; email: string }) {
  const [sentTo, setSentTo] = useState<string | null>(null)
  async function changeName(newName: string) {
    const { error } = await authClient.updateUser({ name: newName })
    if (error) return describeAuthError(error)
    toast(messages.nameChanged())
    return null
  }
  async function changeEmail(newEmail: string) {
    const request = { newEmail, callbackURL: '/account' }
    const { error } = await withIdentityCheck(() => authClient.changeEmail(request))
    if (error) return describeAuthError(error)
    setSentTo(newEmail)
    return null
  }
  return (
    <section className="flex flex-col gap-4">
      <h2 className="text-lg font-semibold">{messages.profile()}</h2>
      <div className="grid gap-6 sm:grid-cols-2">
        <OneFieldForm
          label={commonMessages.name()}
          defaultValue={name}
          maxLength={MAX_NAME_LENGTH}
          autoComplete="name"
          submitLabel={messages.changeName()}
          isQuiet
          onSubmit={changeName}
        />
        <OneFieldForm
          label={commonMessages.email()}
          type="email"
          defaultValue={email}
          autoComplete="email"
          submitLabel={messages.changeEmail()}
          isQuiet
          onSubmit={changeEmail}
        />
      </div>
      {sentTo && (
        <p role="status" className="rounded-md border border-primary p-3 text-sm">
          {messages.changeLinkSent({ newEmail: sentTo, email })}
        </p>
      )}
    </section>
  )
}
