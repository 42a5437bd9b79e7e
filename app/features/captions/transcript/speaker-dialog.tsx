'use client'

import { type FormEvent, useState } from 'react'
import { DialogActions } from '@/app/ui/dialog-actions'
import { Input } from '@/app/ui/input'
import { Modal } from '@/app/ui/modal'
import * as messages from '@/lib/generated/messages/captions'
import * as captionTracksMessages from '@/lib/generated/messages/caption-tracks'

interface Props {
  speaker: string
  /** The other speakers of the track. */
  others: readonly string[]
  onClose(): void
  onRename(to: string): void
}

/** Renames a speaker in all cues. */
export function SpeakerDialog({ speaker, others, onClose, onRename }: Props) {
  const [name, setName] = useState(speaker)
  const to = name.trim()
  function submit(event: FormEvent) {
    event.preventDefault()
    onClose()
    if (to !== speaker) onRename(to)
  }
  return (
    <Modal
      isOpen
      onOpenChange={onClose}
      title={messages.renameSpeaker()}
      description={captionTracksMessages.renameSpeakerHint({ speaker })}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Input
          aria-label={captionTracksMessages.speakerName()}
          list="speaker-names"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <SpeakerNames id="speaker-names" names={others} />
        <DialogActions
          confirmLabel={captionTracksMessages.rename()}
          isDisabled={to === ''}
          onCancel={onClose}
        />
      </form>
    </Modal>
  )
}

/** The suggestions of an input. */
export const SpeakerNames = ({ id, names }: { id: string; names: readonly string[] }) => (
  <datalist id={id}>
    {names.map((name) => (
      <option key={name}>{name}</option>
    ))}
  </datalist>
)
