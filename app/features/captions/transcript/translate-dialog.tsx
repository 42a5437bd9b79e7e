'use client'

import { useState } from 'react'
import { DialogActions } from '@/app/ui/dialog-actions'
import { Modal } from '@/app/ui/modal'
import { Select } from '@/app/ui/select'
import type { CaptionDto } from '@/lib/captions/schema'
import * as messages from '@/lib/generated/messages/caption-tracks'
import { listLanguages } from '../languages'

interface Props {
  track: CaptionDto
  onClose(): void
  onTranslate(language: string): void
}

/** Requests a translation of a track. */
export function TranslateDialog({ track, onClose, onTranslate }: Props) {
  const options = listLanguages().filter(([code]) => code.split('-')[0] !== track.language.split('-')[0])
  const [language, setLanguage] = useState(options[0]![0])
  return (
    <Modal
      isOpen
      onOpenChange={onClose}
      title={messages.translateTitle()}
      description={messages.translateHint({ label: track.label })}
    >
      <Select label={messages.translateTo()} value={language} options={options} onChange={setLanguage} />
      <DialogActions
        confirmLabel={messages.translate()}
        onCancel={onClose}
        onConfirm={() => {
          onClose()
          onTranslate(language)
        }}
      />
    </Modal>
  )
}
