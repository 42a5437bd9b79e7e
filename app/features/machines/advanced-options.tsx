import { CheckboxField } from '@/app/ui/checkbox-field'
import { Disclosure } from '@/app/ui/disclosure'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import { RadioCards } from '@/app/ui/radio-cards'
import { Select } from '@/app/ui/select'
import type { CreateMachineInput } from '@/lib/machines/schema'
import { DURATION_OPTIONS_MINUTES, formatMinutes } from './duration-options'
import * as machineOptionsMessages from '@/lib/generated/messages/machine-options'
import * as machinePageMessages from '@/lib/generated/messages/machine-page'

const NEVER = 'never'
const listDurationOptions = () => [
  [NEVER, machinePageMessages.never()] as const,
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
    <Disclosure summary={machineOptionsMessages.advancedOptions()}>
      <div className="flex flex-col gap-6 px-4 py-5">
        <Field
          id="machine-script"
          label={machinePageMessages.startupScript()}
          hint={
            takesCloudConfig ? machineOptionsMessages.cloudConfigHint() : machineOptionsMessages.scriptHint()
          }
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
            label={machineOptionsMessages.terminateAfterScript()}
            hint={machineOptionsMessages.terminateAfterScriptHint()}
            isChecked={input.terminateAfterScript ?? false}
            onChange={(isChecked) => onChange({ terminateAfterScript: isChecked })}
          />
        )}
        <RadioCards
          legend={machineOptionsMessages.network()}
          name="network"
          value={input.network ?? 'none'}
          onChange={(network) => onChange({ network })}
          cards={[
            {
              value: 'none',
              title: machinePageMessages.networkNone(),
              description: machineOptionsMessages.networkNoneHint(),
            },
            {
              value: 'outbound',
              title: machinePageMessages.networkOutbound(),
              description: machineOptionsMessages.networkOutboundHint(),
              unavailableReason: outboundProblem,
            },
          ]}
        />
        <div className="flex flex-wrap gap-x-8 gap-y-4">
          <DurationSelect
            label={machineOptionsMessages.autoTerminateAfter()}
            value={input.ttlMinutes}
            onChange={(ttlMinutes) => onChange({ ttlMinutes })}
          />
          <DurationSelect
            label={machineOptionsMessages.autoStopAfter()}
            value={input.autoStopMinutes}
            onChange={(autoStopMinutes) => onChange({ autoStopMinutes })}
          />
        </div>
        <Field
          id="machine-keys"
          label={machineOptionsMessages.sshKeys()}
          hint={machineOptionsMessages.onePerLine()}
        >
          <textarea
            id="machine-keys"
            rows={2}
            spellCheck={false}
            placeholder="ssh-ed25519 AAAA… you@example.com"
            className={TEXTAREA_CLASS}
            onChange={(event) => onChange({ sshKeys: splitLines(event.target.value) })}
          />
        </Field>
        <Field
          id="machine-tags"
          label={machinePageMessages.tags()}
          hint={machineOptionsMessages.separatedBySpacesHint()}
        >
          <Input
            id="machine-tags"
            autoComplete="off"
            onChange={(event) => onChange({ tags: event.target.value.split(/[\s,]+/).filter(Boolean) })}
          />
        </Field>
        <CheckboxField
          label={machinePageMessages.restartAutomatically()}
          hint={machinePageMessages.restartAutomaticallyHint()}
          isChecked={input.isKeptRunning ?? false}
          onChange={(isChecked) => onChange({ isKeptRunning: isChecked })}
        />
        <CheckboxField
          label={machinePageMessages.protection()}
          hint={machineOptionsMessages.protectionHintUntil()}
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
