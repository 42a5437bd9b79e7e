import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface Props {
  label: string
  Icon: LucideIcon
  /** A heading element of the level that fits the page. */
  heading: ReactNode
  description: string
  className?: string
  children: ReactNode
}

/** A card that starts something: what it is, what to expect, and the buttons. */
export function StartCard({ label, Icon, heading, description, className = '', children }: Props) {
  return (
    <section
      aria-label={label}
      className={`flex flex-col items-center justify-center gap-4 rounded-xl border bg-card px-6 py-9 text-center [&_:is(h1,h2)]:text-xl [&_:is(h1,h2)]:font-semibold ${className}`}
    >
      <span className="grid size-11 place-items-center rounded-full bg-primary/10">
        <Icon className="size-5 text-primary" aria-hidden />
      </span>
      <div>
        {heading}
        <p className="mx-auto mt-1 max-w-80 text-balance text-muted-foreground">{description}</p>
      </div>
      {children}
    </section>
  )
}
