'use client'

import { type FormEvent, useState } from 'react'
import { DialogActions } from '@/app/ui/dialog-actions'
import { Modal } from '@/app/ui/modal'
import { Input } from '@/app/ui/input'
import { Select } from '@/app/ui/select'
import type { CaptionDto } from '@/lib/captions/schema'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/caption-tracks'
import { languagesIncluding } from '../languages'

interface Props {
  track: CaptionDto
  onClose(): void
  onChange(change: { language?: string; label?: string | null }): void
}

/** Edits the name and the language of a track. */
export function RenameDialog({ track, onClose, onChange }: Props) {
  const [language, setLanguage] = useState(track.language)
  const [label, setLabel] = useState(track.label)
  function submit(event: FormEvent) {
    event.preventDefault()
    onClose()
    onChange({
      // `und` means unknown and cannot be set.
      ...(language !== track.language && language !== 'und' && { language }),
      ...(label.trim() !== track.label && { label: label.trim() || null }),
    })
  }
  return (
    <Modal isOpen onOpenChange={onClose} title={messages.nameAndLanguage()}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <div className="flex flex-col gap-1.5">
          <span aria-hidden>{messages.language()}</span>
          <Select
            label={messages.trackLanguage()}
            value={language}
            options={languagesIncluding(track.language)}
            onChange={setLanguage}
          />
        </div>
        <label htmlFor="track-name" className="flex flex-col gap-1.5">
          {messages.trackName()}
          <Input
            id="track-name"
            maxLength={100}
            placeholder={messages.sameAsLanguage()}
            value={label}
            onChange={(event) => setLabel(event.target.value)}
          />
        </label>
        <DialogActions confirmLabel={commonMessages.save()} onCancel={onClose} />
      </form>
    </Modal>
  )
}
