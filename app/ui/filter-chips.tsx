import { Link } from './link'

interface Props {
  label: string
  chips: readonly { href: string; label: string; isCurrent: boolean }[]
}

/** Links that each filter a list by one value. */
export function FilterChips({ label, chips }: Props) {
  return (
    <nav aria-label={label} className="flex flex-wrap gap-1.5">
      {chips.map((chip) => (
        <Link
          key={chip.href}
          href={chip.href}
          aria-current={chip.isCurrent ? 'true' : undefined}
          className="flex h-8 items-center rounded-full border px-3 text-sm text-muted-foreground tabular-nums hover:text-foreground aria-[current]:bg-foreground aria-[current]:text-background max-sm:h-9"
        >
          {chip.label}
        </Link>
      ))}
    </nav>
  )
}
