'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import { type FormEvent, useId, useState } from 'react'
import { DialogActions } from './dialog-actions'
import { Field } from './field'
import { Input } from './input'
import { Modal } from './modal'

interface Props {
  title: string
  initialName?: string
  confirmLabel: string
  onSubmit(name: string): void
  onClose(): void
}

/** Names something new, or renames something. */
export function NameDialog({ title, initialName = '', confirmLabel, onSubmit, onClose }: Props) {
  const id = useId()
  const [name, setName] = useState(initialName)
  function submit(event: FormEvent) {
    event.preventDefault()
    onSubmit(name)
  }
  return (
    <Modal isOpen onOpenChange={onClose} title={title}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field id={id} label={commonMessages.name()}>
          <Input
            id={id}
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <DialogActions confirmLabel={confirmLabel} onCancel={onClose} />
      </form>
    </Modal>
  )
}
