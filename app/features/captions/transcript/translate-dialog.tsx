'use client'

import { useState } from 'react'
import { DialogActions } from '@/app/ui/dialog-actions'
import { Modal } from '@/app/ui/modal'
import { Select } from '@/app/ui/select'
import type { CaptionDto } from '@/lib/captions/schema'
import { LANGUAGES } from '../languages'

interface Props {
  track: CaptionDto
  onClose(): void
  onTranslate(language: string): void
}

/** Requests a translation of a track. */
export function TranslateDialog({ track, onClose, onTranslate }: Props) {
  const options = LANGUAGES.filter(([code]) => code.split('-')[0] !== track.language.split('-')[0])
  const [language, setLanguage] = useState(options[0]![0])
  return (
    <Modal
      isOpen
      onOpenChange={onClose}
      title="Translate captions"
      description={`Adds a track translated from ${track.label}. Your edits to an earlier translation are kept.`}
    >
      <Select label="Translate to" value={language} options={options} onChange={setLanguage} />
      <DialogActions
        confirmLabel="Translate"
        onCancel={onClose}
        onConfirm={() => {
          onClose()
          onTranslate(language)
        }}
      />
    </Modal>
  )
}
