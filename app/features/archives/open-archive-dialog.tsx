'use client'

import { type FormEvent, useState } from 'react'
import { useLiveStore } from '@/app/live/live-provider'
import { sendApiRequest } from '@/app/ui/api-request'
import { DialogActions } from '@/app/ui/dialog-actions'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import { Modal } from '@/app/ui/modal'
import type { UploadedArchiveDto } from '@/lib/archives/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import * as messages from '@/lib/generated/messages/archives'

interface Props {
  uploaded: UploadedArchiveDto
  onClose(): void
  onOpened(): void
}

/** Starts the import of an uploaded archive, with its passphrase or a secret key. */
export function OpenArchiveDialog({ uploaded, onClose, onOpened }: Props) {
  const store = useLiveStore()
  const [secret, setSecret] = useState('')
  const [isSending, setSending] = useState(false)
  async function submit(event: FormEvent) {
    event.preventDefault()
    setSending(true)
    const isKey = /^\s*AGE-SECRET-KEY-/i.test(secret)
    const given = isKey ? { identity: secret.trim().toUpperCase() } : { passphrase: secret }
    const body = { uploadId: uploaded.uploadId, ...given }
    await sendApiRequest<{ task: TaskDto }>(
      { url: '/api/v1/archive-imports', method: 'POST', body },
      ({ task }) => {
        store.upsert({ tasks: [task] })
        onOpened()
      },
    )
    setSending(false)
  }
  return (
    <Modal
      isOpen
      onOpenChange={onClose}
      title={messages.importFilename({ filename: uploaded.filename })}
      description={messages.importHint()}
    >
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field id="archive-secret" label={messages.secret()} hint={messages.secretHint()}>
          <Input
            id="archive-secret"
            type="password"
            required
            maxLength={200}
            autoComplete="off"
            value={secret}
            onChange={(event) => setSecret(event.target.value)}
          />
        </Field>
        <DialogActions confirmLabel={messages.import()} isDisabled={isSending} onCancel={onClose} />
      </form>
    </Modal>
  )
}
