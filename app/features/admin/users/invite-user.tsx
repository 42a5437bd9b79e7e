'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import { DialogActions } from '@/app/ui/dialog-actions'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import { Modal } from '@/app/ui/modal'
import { OneTimeSecret } from '@/app/ui/one-time-secret'
import { RadioCards } from '@/app/ui/radio-cards'
import type { InvitationWithUrl } from '@/lib/users/schema'
import * as messages from '@/lib/generated/messages/admin-users'

type Role = InvitationWithUrl['role']

/** Invites a user by a link, which is shown once. */
export function InviteUser() {
  const router = useRouter()
  const [isOpen, setOpen] = useState(false)
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('member')
  const [url, setUrl] = useState<string | null>(null)
  const [isSubmitting, setSubmitting] = useState(false)
  function changeOpen(next: boolean) {
    setOpen(next)
    setUrl(null)
    setEmail('')
  }
  async function submit(event: FormEvent) {
    event.preventDefault()
    setSubmitting(true)
    await sendApiRequest<InvitationWithUrl>(
      { url: '/api/v1/admin/invitations', method: 'POST', body: { email, role } },
      (invitation) => {
        setUrl(invitation.url)
        router.refresh()
      },
    )
    setSubmitting(false)
  }
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        {messages.invite()}
      </Button>
      <Modal
        title={messages.invite()}
        description={messages.inviteHint()}
        isOpen={isOpen}
        onOpenChange={changeOpen}
      >
        {url ? (
          <OneTimeSecret what="link" secret={url} />
        ) : (
          <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
            <Field id="invite-email" label={messages.email()}>
              <Input
                id="invite-email"
                type="email"
                required
                maxLength={254}
                value={email}
                onChange={(event) => setEmail(event.target.value)}
              />
            </Field>
            <RadioCards<Role>
              legend={messages.role()}
              name="role"
              value={role}
              onChange={setRole}
              cards={[
                { value: 'member', title: messages.member(), description: messages.memberHint() },
                {
                  value: 'admin',
                  title: messages.administrator(),
                  description: messages.administratorHint(),
                },
              ]}
            />
            <DialogActions
              confirmLabel={messages.createLink()}
              isDisabled={isSubmitting}
              onCancel={() => changeOpen(false)}
            />
          </form>
        )}
      </Modal>
    </>
  )
}
