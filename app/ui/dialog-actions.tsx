import type { ReactNode } from 'react'
import * as commonMessages from '@/lib/generated/messages/common'
import { Button } from './button'

interface Props {
  /** The verb of the dialog: Save, Import, Delete account. */
  confirmLabel: ReactNode
  isDestructive?: boolean
  isDisabled?: boolean
  onCancel(): void
  /** Without it, the button submits the form around it. */
  onConfirm?(): void
  /** Shown at the start of the row. */
  children?: ReactNode
}

/** The buttons at the end of a dialog. */
export function DialogActions({
  confirmLabel,
  isDestructive,
  isDisabled,
  onCancel,
  onConfirm,
  children,
}: Props) {
  return (
    <div className="flex justify-end gap-2">
      {children && <div className="me-auto flex gap-2">{children}</div>}
      <Button onClick={onCancel}>{commonMessages.cancel()}</Button>
      <Button
        type={onConfirm ? 'button' : 'submit'}
        variant={isDestructive ? 'destructive' : 'default'}
        disabled={isDisabled}
        onClick={onConfirm}
      >
        {confirmLabel}
      </Button>
    </div>
  )
}
