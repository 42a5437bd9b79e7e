'use client'

import { useState } from 'react'
import { DialogActions } from '@/app/ui/dialog-actions'
import { CheckboxField } from '@/app/ui/checkbox-field'
import { Modal } from '@/app/ui/modal'
import { Select } from '@/app/ui/select'
import * as messages from '@/lib/generated/messages/captions'
import * as captionTracksMessages from '@/lib/generated/messages/caption-tracks'
import { listLanguages } from '../languages'

const AUTO_DETECT = 'auto'

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
      title={captionTracksMessages.generateInLanguage()}
      description={captionTracksMessages.generateInLanguageHint()}
    >
      <Select
        label={captionTracksMessages.spokenLanguage()}
        value={language}
        options={[[AUTO_DETECT, captionTracksMessages.detectLanguage()], ...listLanguages()]}
        onChange={setLanguage}
      />
      <CheckboxField
        label={captionTracksMessages.identifySpeakers()}
        hint={captionTracksMessages.identifySpeakersHint()}
        isChecked={hasSpeakers}
        onChange={setHasSpeakers}
      />
      <DialogActions
        confirmLabel={messages.generate()}
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
