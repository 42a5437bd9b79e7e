import { CheckboxField } from '@/app/ui/checkbox-field'
import { Disclosure } from '@/app/ui/disclosure'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import { RadioCards } from '@/app/ui/radio-cards'
import { Select } from '@/app/ui/select'
import type { CreateMachineInput } from '@/lib/machines/schema'
import { DURATION_OPTIONS_MINUTES, formatMinutes } from './duration-options'
import * as messages from '@/lib/generated/messages/machines'

const NEVER = 'never'
const listDurationOptions = () => [
  [NEVER, messages.never()] as const,
  ...DURATION_OPTIONS_MINUTES.map((minutes) => [String(minutes), formatMinutes(minutes)] as const),
]

const TEXTAREA_CLASS =
  'w-full rounded-md border bg-card px-3 py-2 font-mono text-sm placeholder:text-muted-foreground max-sm:text-lg'

interface Props {
  input: CreateMachineInput
  /** Why no host offers outbound network, or null where one does. */
  outboundProblem: string | null
  /** Whether a host passes #cloud-config on to its machines. */
  takesCloudConfig: boolean
  onChange(change: Partial<CreateMachineInput>): void
}

/** The options that most machines do not need. */
export function AdvancedOptions({ input, outboundProblem, takesCloudConfig, onChange }: Props) {
  return (
    <Disclosure summary={messages.advancedOptions()}>
      <div className="flex flex-col gap-6 px-4 py-5">
        <Field
          id="machine-script"
          label={messages.startupScript()}
          hint={takesCloudConfig ? messages.cloudConfigHint() : messages.scriptHint()}
        >
          <textarea
            id="machine-script"
            rows={5}
            spellCheck={false}
            placeholder={'#!/bin/sh\necho "hello from $(hostname)"'}
            className={TEXTAREA_CLASS}
            value={input.userData ?? ''}
            onChange={(event) => onChange({ userData: event.target.value || undefined })}
          />
        </Field>
        {input.userData && (
          <CheckboxField
            label={messages.terminateAfterScript()}
            hint={messages.terminateAfterScriptHint()}
            isChecked={input.terminateAfterScript ?? false}
            onChange={(isChecked) => onChange({ terminateAfterScript: isChecked })}
          />
        )}
        <RadioCards
          legend={messages.network()}
          name="network"
          value={input.network ?? 'none'}
          onChange={(network) => onChange({ network })}
          cards={[
            { value: 'none', title: messages.networkNone(), description: messages.networkNoneHint() },
            {
              value: 'outbound',
              title: messages.networkOutbound(),
              description: messages.networkOutboundHint(),
              unavailableReason: outboundProblem,
            },
          ]}
        />
        <div className="flex flex-wrap gap-x-8 gap-y-4">
          <DurationSelect
            label={messages.autoTerminateAfter()}
            value={input.ttlMinutes}
            onChange={(ttlMinutes) => onChange({ ttlMinutes })}
          />
          <DurationSelect
            label={messages.autoStopAfter()}
            value={input.autoStopMinutes}
            onChange={(autoStopMinutes) => onChange({ autoStopMinutes })}
          />
        </div>
        <Field id="machine-keys" label={messages.sshKeys()} hint={messages.onePerLine()}>
          <textarea
            id="machine-keys"
            rows={2}
            spellCheck={false}
            placeholder="ssh-ed25519 AAAA… you@example.com"
            className={TEXTAREA_CLASS}
            onChange={(event) => onChange({ sshKeys: splitLines(event.target.value) })}
          />
        </Field>
        <Field id="machine-tags" label={messages.tags()} hint={messages.separatedBySpacesHint()}>
          <Input
            id="machine-tags"
            autoComplete="off"
            onChange={(event) => onChange({ tags: event.target.value.split(/[\s,]+/).filter(Boolean) })}
          />
        </Field>
        <CheckboxField
          label={messages.restartAutomatically()}
          hint={messages.restartAutomaticallyHint()}
          isChecked={input.isKeptRunning ?? false}
          onChange={(isChecked) => onChange({ isKeptRunning: isChecked })}
        />
        <CheckboxField
          label={messages.protection()}
          hint={messages.protectionHintUntil()}
          isChecked={input.isProtected ?? false}
          onChange={(isChecked) => onChange({ isProtected: isChecked })}
        />
      </div>
    </Disclosure>
  )
}

interface DurationSelectProps {
  label: string
  value?: number
  onChange(minutes?: number): void
}

function DurationSelect({ label, value, onChange }: DurationSelectProps) {
  return (
    <div className="flex flex-col gap-1.5">
      <span className="font-medium" aria-hidden>
        {label}
      </span>
      <Select
        label={label}
        value={String(value ?? NEVER)}
        options={listDurationOptions()}
        onChange={(minutes) => onChange(minutes === NEVER ? undefined : Number(minutes))}
      />
    </div>
  )
}

const splitLines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
