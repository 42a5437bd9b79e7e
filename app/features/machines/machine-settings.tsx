'use client'

import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { Section } from '@/app/ui/section'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import { Select } from '@/app/ui/select'
import { useLiveStore } from '@/app/live/live-provider'
import type { UpdateMachineRequest, MachineDto } from '@/lib/machines/schema'
import { updateMachine } from './machine-requests'
import { CheckboxField } from '@/app/ui/checkbox-field'
import { DURATION_OPTIONS_MINUTES, formatMinutes } from './duration-options'

/** What of a machine can be changed at any time. Each change is saved at once, and can be undone. */
export function MachineSettings({ machine }: { machine: MachineDto }) {
  const store = useLiveStore()
  /** Shown until the server has answered. */
  const [asked, setAsked] = useState<Partial<MachineDto>>({})
  const { expiresAt, tags } = machine
  const { autoStopMinutes, isProtected, isKeptRunning } = { ...machine, ...asked }
  /** `undo` is what it was before. */
  async function save(change: Omit<UpdateMachineRequest, 'name'>, undo: UpdateMachineRequest) {
    setAsked(change)
    const isSaved = await updateMachine(store, machine, change)
    setAsked({})
    if (!isSaved) return
    toast('Saved', { action: { label: 'Undo', onClick: () => void updateMachine(store, machine, undo) } })
  }
  return (
    <Section title="Settings">
      <div className="flex flex-col gap-4 rounded-xl border bg-card px-3.5 py-3.5">
        <TagsForm key={tags.join(' ')} tags={tags} onSave={(next) => void save({ tags: next }, { tags })} />
        <DurationSelect
          label="Terminate"
          now={expiresAt ? formatExpiry(expiresAt) : null}
          textOf={(minutes) => `In ${formatMinutes(minutes)}`}
          onChange={(ttlMinutes) => void save({ ttlMinutes }, { ttlMinutes: minutesUntil(expiresAt) })}
        />
        <DurationSelect
          label="Stop"
          now={autoStopMinutes ? `After running ${formatMinutes(autoStopMinutes)}` : null}
          textOf={(minutes) => `After running ${formatMinutes(minutes)}`}
          onChange={(minutes) => void save({ autoStopMinutes: minutes }, { autoStopMinutes })}
        />
        <CheckboxField
          label="Keep it running"
          hint="It is started again when it ends by itself or its host was restarted."
          isChecked={isKeptRunning}
          onChange={(isOn) => void save({ isKeptRunning: isOn }, { isKeptRunning: !isOn })}
        />
        <CheckboxField
          label="Protect it"
          hint="It cannot be terminated, not even by its time to live."
          isChecked={isProtected}
          onChange={(isOn) => void save({ isProtected: isOn }, { isProtected: !isOn })}
        />
      </div>
    </Section>
  )
}

function TagsForm({ tags, onSave }: { tags: string[]; onSave(tags: string[]): void }) {
  const [text, setText] = useState(tags.join(' '))
  const wanted = text.split(/[\s,]+/).filter(Boolean)
  const isChanged = wanted.join(' ') !== tags.join(' ')
  function submit(event: FormEvent) {
    event.preventDefault()
    if (isChanged) onSave(wanted)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-1.5">
      <label htmlFor="machine-tags">Tags</label>
      <div className="flex gap-2">
        <Input
          id="machine-tags"
          autoComplete="off"
          placeholder="separated by spaces"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {isChanged && <Button type="submit">Save</Button>}
      </div>
    </form>
  )
}

const NEVER = 'never'
const CURRENT = 'now'

/** When something happens to it by itself; `now` is what holds, in words, or null for never. */
function DurationSelect(given: {
  label: string
  now: string | null
  textOf(minutes: number): string
  onChange(minutes: number | null): void
}) {
  const { label, now, textOf, onChange } = given
  const others = DURATION_OPTIONS_MINUTES.map((minutes) => [String(minutes), textOf(minutes)] as const)
  // What holds already is not offered twice.
  const options = [...(now ? [[CURRENT, now] as const] : []), [NEVER, 'Never'] as const, ...others].filter(
    ([value, text]) => value === CURRENT || text !== now,
  )
  return (
    <div className="flex flex-col gap-1.5">
      <span aria-hidden>{label}</span>
      <Select
        label={label}
        value={now ? CURRENT : NEVER}
        options={options}
        onChange={(value) => value !== CURRENT && onChange(value === NEVER ? null : Number(value))}
      />
    </div>
  )
}

const formatExpiry = (at: string) =>
  new Date(at).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })

const minutesUntil = (at: string | null) =>
  at === null ? null : Math.max(1, Math.ceil((Date.parse(at) - Date.now()) / 60_000))
