'use client'

import { type FormEvent, type ReactNode, useState } from 'react'
import { DialogActions } from './dialog-actions'
import { ConfirmationField, isConfirmedBy } from './confirmation-field'
import { Modal } from './modal'

interface Props {
  title: string
  description: ReactNode
  confirmLabel: string
  /** Has to be typed first, for actions that cannot be undone. */
  confirmationText?: string
  isOpen: boolean
  onOpenChange(isOpen: boolean): void
  onConfirm(): void
}

/** Asks before a destructive action. */
export function ConfirmDialog({ title, description, confirmLabel, confirmationText, ...props }: Props) {
  const { isOpen, onOpenChange, onConfirm } = props
  const [typed, setTyped] = useState('')
  const isConfirmed = confirmationText === undefined || isConfirmedBy(typed, confirmationText)
  function changeOpen(next: boolean) {
    setTyped('')
    onOpenChange(next)
  }
  function submit(event: FormEvent) {
    event.preventDefault()
    if (!isConfirmed) return
    changeOpen(false)
    onConfirm()
  }
  return (
    <Modal title={title} description={description} isOpen={isOpen} onOpenChange={changeOpen}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {confirmationText !== undefined && (
          <ConfirmationField text={confirmationText} typed={typed} onChange={setTyped} />
        )}
        <DialogActions
          confirmLabel={confirmLabel}
          isDestructive
          isDisabled={!isConfirmed}
          onCancel={() => changeOpen(false)}
        />
      </form>
    </Modal>
  )
}
