'use client'

import { useState } from 'react'
import { DialogActions } from '@/app/ui/dialog-actions'
import { CheckboxField } from '@/app/ui/checkbox-field'
import { Modal } from '@/app/ui/modal'
import { Select } from '@/app/ui/select'
import { LANGUAGES } from '../languages'

const AUTO_DETECT = 'auto'
const LANGUAGE_OPTIONS = [[AUTO_DETECT, 'Detect automatically'] as const, ...LANGUAGES]

interface Props {
  isOpen: boolean
  onOpenChange(isOpen: boolean): void
  /** Without a language, it is detected. */
  onRequest(request: { language?: string; speakers?: boolean }): void
}

/** Requests captions in a chosen spoken language. */
export function RequestCaptionsDialog({ isOpen, onOpenChange, onRequest }: Props) {
  const [language, setLanguage] = useState<string>(AUTO_DETECT)
  const [hasSpeakers, setHasSpeakers] = useState(false)
  return (
    <Modal
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Generate captions in another language"
      description="Choose the spoken language. Your edits to captions in that language are kept."
    >
      <Select label="Spoken language" value={language} options={LANGUAGE_OPTIONS} onChange={setLanguage} />
      <CheckboxField
        label="Identify speakers"
        hint="Names who speaks when, as Speaker 1, Speaker 2. You can rename them."
        isChecked={hasSpeakers}
        onChange={setHasSpeakers}
      />
      <DialogActions
        confirmLabel="Generate captions"
        onCancel={() => onOpenChange(false)}
        onConfirm={() => {
          onOpenChange(false)
          onRequest({
            ...(language !== AUTO_DETECT && { language }),
            ...(hasSpeakers && { speakers: true }),
          })
        }}
      />
    </Modal>
  )
}
