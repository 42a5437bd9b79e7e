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
        Invite user
      </Button>
      <Modal
        title="Invite user"
        description="Send them the link yourself. It works once, for seven days."
        isOpen={isOpen}
        onOpenChange={changeOpen}
      >
        {url ? (
          <OneTimeSecret name="the link" secret={url} />
        ) : (
          <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
            <Field id="invite-email" label="Email">
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
              legend="Role"
              name="role"
              value={role}
              onChange={setRole}
              cards={[
                { value: 'member', title: 'Member', description: 'Videos and machines of their own.' },
                { value: 'admin', title: 'Administrator', description: 'Manages the server and its users.' },
              ]}
            />
            <DialogActions
              confirmLabel="Create link"
              isDisabled={isSubmitting}
              onCancel={() => changeOpen(false)}
            />
          </form>
        )}
      </Modal>
    </>
  )
}
