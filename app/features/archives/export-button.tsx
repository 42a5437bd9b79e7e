'use client'

import { LockKeyhole } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { loadLater } from '@/app/ui/load-later'
import * as messages from '@/lib/generated/messages/actions'

const ExportDialog = loadLater(async () => (await import('./export-dialog')).ExportDialog)

/** Opens the dialog that exports videos as an encrypted archive. */
export function ExportButton({ videoIds }: { videoIds: string[] }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button size="sm" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <LockKeyhole className="size-4" aria-hidden />
        {messages.export()}
      </Button>
      {isOpen && <ExportDialog videoIds={videoIds} onClose={() => setOpen(false)} />}
    </>
  )
}
