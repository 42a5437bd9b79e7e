'use client'

import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { Modal } from '@/app/ui/modal'
import { Select } from '@/app/ui/select'
import { LANGUAGES } from '../languages'

const AUTO_DETECT = 'auto'
const LANGUAGE_OPTIONS = [[AUTO_DETECT, 'Find it out'] as const, ...LANGUAGES]

interface Props {
  isOpen: boolean
  onOpenChange(isOpen: boolean): void
  /** Without a language it is found out. */
  onRequest(language: string | undefined): void
}

/** Which language to listen for. */
export function RequestCaptionsDialog({ isOpen, onOpenChange, onRequest: onOrder }: Props) {
  const [language, setLanguage] = useState<string>(AUTO_DETECT)
  return (
    <Modal
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Make captions in another language"
      description="Say what is spoken in the video. What you changed in captions of that language stays."
    >
      <Select label="Spoken language" value={language} options={LANGUAGE_OPTIONS} onChange={setLanguage} />
      <div className="flex justify-end gap-2">
        <Button onClick={() => onOpenChange(false)}>Not now</Button>
        <Button
          variant="default"
          onClick={() => (onOpenChange(false), onOrder(language === AUTO_DETECT ? undefined : language))}
        >
          Make captions
        </Button>
      </div>
    </Modal>
  )
}
