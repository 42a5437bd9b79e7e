import { useId } from 'react'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import { Select } from '@/app/ui/select'
import * as messages from '@/lib/generated/messages/api-reference'
import type { OperationParameter } from './operations'

interface Props {
  parameter: OperationParameter
  value: string
  onChange(value: string): void
}

/** Stands for the empty value, which options of a select cannot have. */
const UNSET = '-'

/** The input of one parameter. */
export function ParameterField({ parameter: { name, isRequired, choices, field }, value, onChange }: Props) {
  const id = useId()
  if (choices.length > 0)
    return (
      <Field id={id} label={name}>
        <Select
          label={name}
          value={value || UNSET}
          options={[[UNSET, messages.notSet()], ...choices.map((choice) => [choice, choice] as const)]}
          onChange={(next) => onChange(next === UNSET ? '' : next)}
        />
      </Field>
    )
  return (
    <Field id={id} label={name}>
      <Input
        id={id}
        required={isRequired}
        autoComplete="off"
        spellCheck={false}
        placeholder={field.type}
        className="font-mono text-sm"
        value={value}
        onChange={(event) => onChange(event.target.value.trim())}
      />
    </Field>
  )
}
