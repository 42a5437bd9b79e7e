'use client'

import { type ComponentProps, type SyntheticEvent, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'

interface Props extends Omit<ComponentProps<'input'>, 'onSubmit'> {
  label: string
  hint?: string
  submitLabel: string
  /** @returns an error message, or null on success */
  onSubmit(value: string): Promise<string | null>
}

/** A form with one input. Other props go to the input. */
export function OneFieldForm({ label, hint, submitLabel, onSubmit, ...input }: Props) {
  const [problem, setProblem] = useState<string | null>(null)
  const [isSubmitting, setSubmitting] = useState(false)
  async function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    const value = new FormData(event.currentTarget).get('value')
    setSubmitting(true)
    setProblem(await onSubmit(typeof value === 'string' ? value : ''))
    setSubmitting(false)
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <label className="flex flex-col gap-1 text-sm">
        {label}
        <Input name="value" required {...input} />
        {hint && <span className="text-xs text-muted-foreground">{hint}</span>}
      </label>
      {problem && (
        <p role="alert" className="text-destructive">
          {problem}
        </p>
      )}
      <Button type="submit" variant="default" disabled={isSubmitting}>
        {submitLabel}
      </Button>
    </form>
  )
}
