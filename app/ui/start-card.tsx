import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface Props {
  label: string
  Icon: LucideIcon
  /** A heading element of the level that fits the page. */
  heading: ReactNode
  description: string
  /** Replaces the description. */
  problem?: string | null
  /** Shows only the buttons, and a problem, on phones: below is what users come back for. */
  isCompact?: boolean
  className?: string
  /** The buttons. */
  children: ReactNode
}

const COMPACT =
  'max-sm:items-stretch max-sm:gap-2 max-sm:border-0 max-sm:bg-transparent max-sm:p-0 max-sm:[&_:is(button,a)]:flex-1'

/** A card that starts something: what it is, what to expect, and the buttons. */
export function StartCard({
  label,
  Icon,
  heading,
  description,
  problem,
  isCompact = false,
  ...props
}: Props) {
  const { className = '', children } = props
  return (
    <section
      aria-label={label}
      className={`flex flex-col items-center justify-center gap-4 rounded-xl border bg-card px-6 py-9 text-center [&_:is(h1,h2)]:text-xl [&_:is(h1,h2)]:font-semibold ${className} ${isCompact ? COMPACT : ''}`}
    >
      <span
        className={`grid size-11 place-items-center rounded-full bg-primary/10 ${isCompact ? 'max-sm:hidden' : ''}`}
      >
        <Icon className="size-5 text-primary" aria-hidden />
      </span>
      <div className={isCompact && !problem ? 'max-sm:sr-only' : ''}>
        {heading}
        <p className="mx-auto mt-1 max-w-80 text-balance text-muted-foreground">{problem ?? description}</p>
      </div>
      <div className="flex flex-wrap justify-center gap-2">{children}</div>
    </section>
  )
}
