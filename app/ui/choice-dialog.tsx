import type { LucideIcon } from 'lucide-react'
import * as commonMessages from '@/lib/generated/messages/common'
import { type FormEvent, useState } from 'react'
import { Button } from './button'
import { Input } from './input'
import { Modal } from './modal'

interface Choice {
  key: string
  name: string
  Icon: LucideIcon
  onChoose(): void
}

interface Props {
  title: string
  /** Names the list. */
  label: string
  /** Undefined while they load. */
  choices?: readonly Choice[]
  newLabel: string
  createLabel: string
  onCreate(name: string): void
  onClose(): void
}

/** Chooses one of a list, or creates one. */
export function ChoiceDialog({ title, label, choices, newLabel, createLabel, onCreate, onClose }: Props) {
  const [name, setName] = useState('')
  function create(event: FormEvent) {
    event.preventDefault()
    onCreate(name)
  }
  return (
    <Modal isOpen onOpenChange={onClose} title={title}>
      {!choices && <p role="status">{commonMessages.loading()}</p>}
      {choices && choices.length > 0 && (
        <ul aria-label={label} className="flex max-h-72 flex-col overflow-y-auto rounded-xl border p-1">
          {choices.map((choice) => (
            <li key={choice.key}>
              <button
                type="button"
                onClick={choice.onChoose}
                className="flex h-9 w-full items-center gap-2.5 rounded-md px-2.5 text-start hover:bg-muted max-sm:h-11"
              >
                <choice.Icon className="size-4 shrink-0 text-muted-foreground" aria-hidden />
                <span className="truncate" dir="auto">
                  {choice.name}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={create} className="flex gap-2">
        <Input
          required
          maxLength={100}
          aria-label={newLabel}
          placeholder={newLabel}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit">{createLabel}</Button>
      </form>
    </Modal>
  )
}
