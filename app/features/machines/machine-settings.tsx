'use client'

import { type FormEvent, useState } from 'react'
import { toast } from '@/app/ui/toast'
import { Section } from '@/app/ui/section'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import { Select } from '@/app/ui/select'
import { useLiveStore } from '@/app/live/live-provider'
import type { MachineDto, UpdateMachineRequest } from '@/lib/machines/schema'
import { updateMachine } from './machine-requests'
import { CheckboxField } from '@/app/ui/checkbox-field'
import { useDateFormat } from '@/app/ui/date-time'
import { DURATION_OPTIONS_MINUTES, splitMinutes } from './duration-options'
import * as messages from '@/lib/generated/messages/machine-page'
import * as commonMessages from '@/lib/generated/messages/common'

/** The settings that can change at any time. Each change is saved at once and can be undone. */
export function MachineSettings({ machine }: { machine: MachineDto }) {
  const store = useLiveStore()
  const formatDate = useDateFormat()
  /** The change that is being saved, shown optimistically. */
  const [pendingChange, setPendingChange] = useState<Partial<MachineDto>>({})
  const { id, expiresAt, tags } = machine
  const { autoStopMinutes, isProtected, isKeptRunning } = { ...machine, ...pendingChange }
  async function save(change: Omit<UpdateMachineRequest, 'name'>, undo: UpdateMachineRequest) {
    setPendingChange(change)
    const isSaved = await updateMachine(store, { id, change })
    setPendingChange({})
    if (!isSaved) return
    toast(messages.saved(), {
      action: { label: messages.undo(), onClick: () => void updateMachine(store, { id, change: undo }) },
    })
  }
  return (
    <Section title={messages.settings()}>
      <div className="flex flex-col gap-4 rounded-xl border bg-card px-3.5 py-3.5">
        <TagsForm key={tags.join(' ')} tags={tags} onSave={(next) => void save({ tags: next }, { tags })} />
        <DurationSelect
          label={messages.autoTerminate()}
          current={expiresAt ? formatDate(expiresAt) : null}
          formatOption={(minutes) => messages.inDuration(splitMinutes(minutes))}
          onChange={(ttlMinutes) => void save({ ttlMinutes }, { ttlMinutes: minutesUntil(expiresAt) })}
        />
        <DurationSelect
          label={messages.autoStop()}
          current={autoStopMinutes ? messages.afterUptime(splitMinutes(autoStopMinutes)) : null}
          formatOption={(minutes) => messages.afterUptime(splitMinutes(minutes))}
          onChange={(minutes) => void save({ autoStopMinutes: minutes }, { autoStopMinutes })}
        />
        <CheckboxField
          label={messages.restartAutomatically()}
          hint={messages.restartAutomaticallyHint()}
          isChecked={isKeptRunning}
          onChange={(isChecked) => void save({ isKeptRunning: isChecked }, { isKeptRunning: !isChecked })}
        />
        <CheckboxField
          label={messages.protection()}
          hint={messages.protectionHint()}
          isChecked={isProtected}
          onChange={(isChecked) => void save({ isProtected: isChecked }, { isProtected: !isChecked })}
        />
      </div>
    </Section>
  )
}

interface TagsFormProps {
  tags: string[]
  onSave(tags: string[]): void
}

function TagsForm({ tags, onSave }: TagsFormProps) {
  const [text, setText] = useState(tags.join(' '))
  const nextTags = text.split(/[\s,]+/).filter(Boolean)
  const isChanged = nextTags.join(' ') !== tags.join(' ')
  function submit(event: FormEvent) {
    event.preventDefault()
    if (isChanged) onSave(nextTags)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-1.5">
      <label htmlFor="machine-tags">{messages.tags()}</label>
      <div className="flex gap-2">
        <Input
          id="machine-tags"
          autoComplete="off"
          placeholder={messages.separatedBySpaces()}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {isChanged && <Button type="submit">{commonMessages.save()}</Button>}
      </div>
    </form>
  )
}

const NEVER = 'never'
const CURRENT = 'current'

interface DurationSelectProps {
  label: string
  /** The label of the current setting, or null for never. */
  current: string | null
  formatOption(minutes: number): string
  onChange(minutes: number | null): void
}

function DurationSelect({ label, current, formatOption, onChange }: DurationSelectProps) {
  const durations = DURATION_OPTIONS_MINUTES.map(
    (minutes) => [String(minutes), formatOption(minutes)] as const,
  )
  const options = [
    ...(current ? [[CURRENT, current] as const] : []),
    [NEVER, messages.never()] as const,
    // The current setting is already listed.
    ...durations.filter(([, text]) => text !== current),
  ]
  return (
    <div className="flex flex-col gap-1.5">
      <span aria-hidden>{label}</span>
      <Select
        label={label}
        value={current ? CURRENT : NEVER}
        options={options}
        onChange={(value) => value !== CURRENT && onChange(value === NEVER ? null : Number(value))}
      />
    </div>
  )
}

const minutesUntil = (at: string | null) =>
  at === null ? null : Math.max(1, Math.ceil((Date.parse(at) - Date.now()) / 60_000))
