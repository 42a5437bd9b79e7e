'use client'

import { type ComponentProps, type SyntheticEvent, useState } from 'react'
import { LabeledInput } from './labeled-input'
import { SubmitRow } from './submit-row'

interface Props extends Omit<ComponentProps<'input'>, 'onSubmit'> {
  label: string
  hint?: string
  submitLabel: string
  isQuiet?: boolean
  /** @returns an error message, or null on success */
  onSubmit(value: string): Promise<string | null>
}

/** A form with one input. Other props go to the input. */
export function OneFieldForm({ label, hint, submitLabel, isQuiet, onSubmit, ...input }: Props) {
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
    <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <LabeledInput label={label} hint={hint} name="value" required {...input} />
      <SubmitRow label={submitLabel} isSubmitting={isSubmitting} problem={problem} isQuiet={isQuiet} />
    </form>
  )
}
