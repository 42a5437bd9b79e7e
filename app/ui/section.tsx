import type { ReactNode } from 'react'

interface Props {
  title: string
  /** Shown at the end of the title row. */
  aside?: ReactNode
  children: ReactNode
}

export function Section({ title, aside, children }: Props) {
  return (
    <section>
      <div className="mb-2 flex min-h-7 items-center justify-between gap-3">
        <h2 className="text-sm font-medium text-muted-foreground">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
