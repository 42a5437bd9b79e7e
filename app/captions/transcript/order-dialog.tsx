'use client'

import { useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { Modal } from '@/app/components/ui/dialog'
import { Select } from '@/app/components/ui/select'
import { LANGUAGES } from '../languages'

const FOUND_OUT = 'auto'
const OPTIONS = [[FOUND_OUT, 'Find it out'] as const, ...LANGUAGES]

interface Given {
  isOpen: boolean
  onOpenChange(isOpen: boolean): void
  /** Without a language it is found out. */
  onOrder(language: string | undefined): void
}

/** Which language to listen for. */
export function OrderDialog({ isOpen, onOpenChange, onOrder }: Given) {
  const [language, setLanguage] = useState<string>(FOUND_OUT)
  return (
    <Modal
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Make captions in another language"
      description="Say what is spoken in the video. What you changed in captions of that language stays."
    >
      <Select label="Spoken language" value={language} options={OPTIONS} onChange={setLanguage} />
      <div className="flex justify-end gap-2">
        <Button onClick={() => onOpenChange(false)}>Not now</Button>
        <Button
          variant="default"
          onClick={() => (onOpenChange(false), onOrder(language === FOUND_OUT ? undefined : language))}
        >
          Make captions
        </Button>
      </div>
    </Modal>
  )
}
