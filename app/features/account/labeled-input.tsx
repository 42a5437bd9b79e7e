import type { ComponentProps } from 'react'
import { Input } from '@/app/ui/input'

interface Props extends ComponentProps<'input'> {
  label: string
  hint?: string
}

/** An input with its label above and a hint below. Other props go to the input. */
export const LabeledInput = ({ label, hint, ...input }: Props) => (
  <label className="flex flex-col gap-1 text-sm">
    {label}
    <Input {...input} />
    {hint && <span className="text-xs text-muted-foreground">{hint}</span>}
  </label>
)
