import type { ReactNode } from 'react'

interface Props {
  id: string
  label: string
  hint?: string
  children: ReactNode
}

/** A form field with its label above and a hint below. */
export function Field({ id, label, hint, children }: Props) {
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children}
      {hint && <p className="text-sm text-muted-foreground">{hint}</p>}
    </div>
  )
}
