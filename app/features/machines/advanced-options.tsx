import { Input } from '@/app/ui/input'
import { Select } from '@/app/ui/select'
import { CheckboxField } from '@/app/ui/checkbox-field'
import { RadioCards } from '@/app/ui/radio-cards'
import { Field } from '@/app/ui/field'
import { DURATION_OPTIONS_MINUTES, formatMinutes } from './duration-options'
import type { CreateMachineInput } from '@/lib/machines/schema'

const NEVER = 'never'
const AUTO_ACTION_OPTIONS = [
  [NEVER, 'Never'] as const,
  ...DURATION_OPTIONS_MINUTES.map((minutes) => [String(minutes), `After ${formatMinutes(minutes)}`] as const),
]

const TEXTAREA_CLASS =
  'w-full rounded-md border bg-card px-3 py-2 font-mono text-sm placeholder:text-muted-foreground max-sm:text-lg'
const splitLines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

interface Props {
  wanted: CreateMachineInput
  /** Why no machine gets internet, where none does. */
  outboundProblem: string | null
  onChange(part: Partial<CreateMachineInput>): void
}

/** What most machines do without. */
export function AdvancedOptions({ wanted, outboundProblem, onChange }: Props) {
  return (
    <details className="group rounded-xl border bg-card">
      <summary className="flex h-12 cursor-pointer items-center px-4 font-medium select-none">
        Script, network, keys, time to live
      </summary>
      <div className="flex flex-col gap-6 border-t px-4 py-5">
        <Field
          id="machine-script"
          label="Script"
          hint="Runs inside once the machine is up. Output and exit code are kept."
        >
          <textarea
            id="machine-script"
            rows={5}
            spellCheck={false}
            placeholder={'#!/bin/sh\necho "hello from $(hostname)"'}
            className={TEXTAREA_CLASS}
            value={wanted.userData ?? ''}
            onChange={(event) => onChange({ userData: event.target.value || undefined })}
          />
        </Field>
        {wanted.userData && (
          <CheckboxField
            label="Terminate when the script has ended"
            hint="A machine for this one job."
            isChecked={wanted.terminateAfterScript ?? false}
            onChange={(isOn) => onChange({ terminateAfterScript: isOn })}
          />
        )}
        <RadioCards
          legend="Network"
          name="network"
          value={wanted.network ?? 'none'}
          onChange={(network) => onChange({ network })}
          cards={[
            { value: 'none', title: 'None', description: 'It reaches nothing, and nothing reaches it.' },
            {
              value: 'outbound',
              title: 'Outbound',
              description: 'It reaches the internet, and never this host.',
              unavailableReason: outboundProblem,
            },
          ]}
        />
        <div className="flex flex-wrap gap-x-8 gap-y-4">
          <DurationSelect
            label="Terminate"
            value={wanted.ttlMinutes}
            onChange={(ttlMinutes) => onChange({ ttlMinutes })}
          />
          <DurationSelect
            label="Stop"
            value={wanted.autoStopMinutes}
            onChange={(autoStopMinutes) => onChange({ autoStopMinutes })}
          />
        </div>
        <Field id="machine-keys" label="SSH keys" hint="Public keys that may sign in, one a line.">
          <textarea
            id="machine-keys"
            rows={2}
            spellCheck={false}
            placeholder="ssh-ed25519 AAAA… you@computer"
            className={TEXTAREA_CLASS}
            onChange={(event) => onChange({ sshKeys: splitLines(event.target.value) })}
          />
        </Field>
        <Field id="machine-tags" label="Tags" hint="Separated by spaces.">
          <Input
            id="machine-tags"
            autoComplete="off"
            onChange={(event) => onChange({ tags: event.target.value.split(/[\s,]+/).filter(Boolean) })}
          />
        </Field>
        <CheckboxField
          label="Keep it running"
          hint="It is started again when it ends by itself or its host was restarted."
          isChecked={wanted.isKeptRunning ?? false}
          onChange={(isOn) => onChange({ isKeptRunning: isOn })}
        />
        <CheckboxField
          label="Protect it"
          hint="It cannot be terminated, not even by its time to live, until this is taken off."
          isChecked={wanted.isProtected ?? false}
          onChange={(isOn) => onChange({ isProtected: isOn })}
        />
      </div>
    </details>
  )
}

function DurationSelect(given: { label: string; value?: number; onChange(minutes?: number): void }) {
  return (
    <div className="flex flex-col gap-1.5">
      <span className="font-medium">{given.label}</span>
      <Select
        label={given.label}
        value={String(given.value ?? NEVER)}
        options={AUTO_ACTION_OPTIONS}
        onChange={(time) => given.onChange(time === NEVER ? undefined : Number(time))}
      />
    </div>
  )
}
