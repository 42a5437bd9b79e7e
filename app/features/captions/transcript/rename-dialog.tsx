'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Modal } from '@/app/ui/modal'
import { Input } from '@/app/ui/input'
import { Select } from '@/app/ui/select'
import type { CaptionDto } from '@/lib/captions/schema'
import { languagesIncluding } from '../languages'

interface Props {
  track: CaptionDto
  onClose(): void
  onChange(change: { language?: string; label?: string | null }): void
}

/** What a track is called in menus, and its language. */
export function RenameDialog({ track, onClose, onChange }: Props) {
  const [language, setLanguage] = useState(track.language)
  const [label, setLabel] = useState(track.label)
  function submit(event: FormEvent) {
    event.preventDefault()
    onClose()
    onChange({
      // Unknown is what it is until somebody says more, and nothing to set.
      ...(language !== track.language && language !== 'und' && { language }),
      ...(label.trim() !== track.label && { label: label.trim() || null }),
    })
  }
  return (
    <Modal isOpen onOpenChange={onClose} title="Name and language">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <div className="flex flex-col gap-1.5">
          <span aria-hidden>Language</span>
          <Select
            label="Language of the track"
            value={language}
            options={languagesIncluding(track.language)}
            onChange={setLanguage}
          />
        </div>
        <label htmlFor="track-name" className="flex flex-col gap-1.5">
          Name
          <Input
            id="track-name"
            maxLength={100}
            placeholder="As its language"
            value={label}
            onChange={(event) => setLabel(event.target.value)}
          />
        </label>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Not now</Button>
          <Button type="submit" variant="default">
            Save
          </Button>
        </div>
      </form>
    </Modal>
  )
}
