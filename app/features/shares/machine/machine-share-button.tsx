'use client'

import { DialogButton, type DialogProps } from '../dialog-button'

interface Props {
  machineId: string
  /** Whether the console takes input at all. */
  takesInput: boolean
}

/** Opens the links to the console of a machine. */
export const MachineShareButton = ({ machineId, takesInput }: Props) => (
  <DialogButton
    loadDialog={async () => {
      const { MachineShareDialog } = await import('./machine-share-dialog')
      return function ConsoleShareDialog({ onClose }: DialogProps) {
        return <MachineShareDialog machineId={machineId} takesInput={takesInput} onClose={onClose} />
      }
    }}
  />
)
