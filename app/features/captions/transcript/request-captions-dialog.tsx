'use client'

import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { Modal } from '@/app/ui/modal'
import { Select } from '@/app/ui/select'
import { LANGUAGES } from '../languages'

const AUTO_DETECT = 'auto'
const LANGUAGE_OPTIONS = [[AUTO_DETECT, 'Detect automatically'] as const, ...LANGUAGES]

interface Props {
  isOpen: boolean
  onOpenChange(isOpen: boolean): void
  /** `undefined` detects the language. */
  onRequest(language: string | undefined): void
}

/** Requests captions in a chosen spoken language. */
export function RequestCaptionsDialog({ isOpen, onOpenChange, onRequest }: Props) {
  const [language, setLanguage] = useState<string>(AUTO_DETECT)
  return (
    <Modal
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Generate captions in another language"
      description="Choose the spoken language. Your edits to captions in that language are kept."
    >
      <Select label="Spoken language" value={language} options={LANGUAGE_OPTIONS} onChange={setLanguage} />
      <div className="flex justify-end gap-2">
        <Button onClick={() => onOpenChange(false)}>Cancel</Button>
        <Button
          variant="default"
          onClick={() => {
            onOpenChange(false)
            onRequest(language === AUTO_DETECT ? undefined : language)
          }}
        >
          Generate captions
        </Button>
      </div>
    </Modal>
  )
}
