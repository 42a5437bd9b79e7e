'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/account'
import { type FormEvent, useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { DialogActions } from '@/app/ui/dialog-actions'
import { ConfirmationField, isConfirmedBy } from '@/app/ui/confirmation-field'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import { Modal } from '@/app/ui/modal'

interface Props {
  email: string
  hasPassword: boolean
  isOpen: boolean
  onOpenChange(isOpen: boolean): void
}

/** Deletes the account once its email address is typed and its password is entered. */
export function DeleteAccountDialog({ email, hasPassword, isOpen, onOpenChange }: Props) {
  const [confirmation, setConfirmation] = useState('')
  const [password, setPassword] = useState('')
  const [isSubmitting, setSubmitting] = useState(false)
  const isConfirmed = isConfirmedBy(confirmation, email) && (!hasPassword || password !== '')
  function changeOpen(next: boolean) {
    setConfirmation('')
    setPassword('')
    onOpenChange(next)
  }
  async function submit(event: FormEvent) {
    event.preventDefault()
    setSubmitting(true)
    const body = { confirmation, ...(hasPassword && { password }) }
    const isAccepted = await sendApiRequest({
      url: '/api/v1/account/deletion',
      method: 'POST',
      body,
    })
    if (isAccepted) return window.location.assign('/sign-in')
    setSubmitting(false)
  }
  return (
    <Modal
      title={messages.deleteAccountTitle()}
      description={messages.deleteAccountWarning()}
      isOpen={isOpen}
      onOpenChange={changeOpen}
    >
      <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <ConfirmationField text={email} typed={confirmation} onChange={setConfirmation} />
        {hasPassword && (
          <Field id="delete-password" label={commonMessages.password()}>
            <Input
              id="delete-password"
              type="password"
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
        )}
        <DialogActions
          confirmLabel={messages.deleteAccount()}
          isDestructive
          isDisabled={!isConfirmed || isSubmitting}
          onCancel={() => changeOpen(false)}
        />
      </form>
    </Modal>
  )
}
