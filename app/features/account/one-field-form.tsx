'use client'

import { type ComponentProps, type SyntheticEvent, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'

/** One field and one button. `send` gives what went wrong, or null. */
export function OneFieldForm({
  label,
  hint,
  action,
  send,
  ...input
}: {
  label: string
  hint?: string
  action: string
  send(value: string): Promise<string | null>
} & ComponentProps<'input'>) {
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  async function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    const value = new FormData(event.currentTarget).get('value')
    setBusy(true)
    setProblem(await send(typeof value === 'string' ? value : ''))
    setBusy(false)
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
      <Button type="submit" variant="default" disabled={isBusy}>
        {action}
      </Button>
    </form>
  )
}
