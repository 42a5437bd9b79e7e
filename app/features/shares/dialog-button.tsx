import { Share2 } from 'lucide-react'
import { type ComponentType, useState } from 'react'
import { Button } from '@/app/ui/button'
import * as messages from '@/lib/generated/messages/actions'

export interface DialogProps {
  onClose(): void
}

/** Opens the links to something. The dialog is loaded when it is first used. */
export function DialogButton({ loadDialog }: { loadDialog(): Promise<ComponentType<DialogProps>> }) {
  const [Dialog, setDialog] = useState<ComponentType<DialogProps>>()
  async function open() {
    const loaded = await loadDialog()
    setDialog(() => loaded)
  }
  return (
    <>
      <Button size="sm" aria-haspopup="dialog" onClick={() => void open()}>
        <Share2 className="size-4" aria-hidden />
        {messages.share()}
      </Button>
      {Dialog && <Dialog onClose={() => setDialog(undefined)} />}
    </>
  )
}
