'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { DialogActions } from '@/app/ui/dialog-actions'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { CheckboxField } from '@/app/ui/checkbox-field'
import { Modal } from '@/app/ui/modal'
import * as messages from '@/lib/generated/messages/archives'
import * as actionMessages from '@/lib/generated/messages/actions'
import { ProtectionFields, type Protection } from './protection-fields'

interface Props {
  videoIds: string[]
  onClose(): void
}

const CONTENTS = [
  ['originals', messages.originals, messages.originalsHint],
  ['renditions', messages.renditions, messages.renditionsHint],
  ['captions', messages.captions, messages.captionsHint],
] as const

/** Exports videos as an archive that only its passphrase or key opens. */
export function ExportDialog({ videoIds, onClose }: Props) {
  const router = useRouter()
  const [contents, setContents] = useState({ originals: true, renditions: false, captions: true })
  const [protection, setProtection] = useState<Protection>({ kind: 'passphrase', text: '' })
  const [isSending, setSending] = useState(false)
  const { kind, text } = protection
  const secret =
    kind === 'passphrase' ? { passphrase: text } : { recipients: text.split(/\s+/).filter(Boolean) }
  const request = { url: '/api/v1/archives', method: 'POST', body: { videoIds, ...contents, ...secret } }
  async function submit(event: FormEvent) {
    event.preventDefault()
    setSending(true)
    const isAccepted = await sendApiRequest(request)
    setSending(false)
    if (!isAccepted) return
    onClose()
    router.push('/archives')
  }
  return (
    <Modal
      isOpen
      onOpenChange={onClose}
      title={messages.exportTitle({ count: videoIds.length })}
      description={messages.exportHint()}
    >
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <fieldset className="flex flex-col gap-3">
          <legend className="mb-1.5 font-medium">{messages.contents()}</legend>
          {CONTENTS.map(([name, label, hint]) => (
            <CheckboxField
              key={name}
              label={label()}
              hint={hint()}
              isChecked={contents[name]}
              onChange={(isChecked) => setContents({ ...contents, [name]: isChecked })}
            />
          ))}
        </fieldset>
        <ProtectionFields value={protection} onChange={setProtection} />
        <DialogActions
          confirmLabel={actionMessages.export()}
          isDisabled={isSending || !Object.values(contents).some(Boolean)}
          onCancel={onClose}
        >
          <CopyAsCurl size="icon" actions={[{ label: actionMessages.export(), request }]} />
        </DialogActions>
      </form>
    </Modal>
  )
}
