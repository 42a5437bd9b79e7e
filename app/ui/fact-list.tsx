import type { ReactNode } from 'react'

/** A card of name and value pairs. */
export function FactList({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="divide-y rounded-xl border bg-card">
      {facts.map(([name, value]) => (
        <div key={name} className="flex min-h-10 items-baseline justify-between gap-4 px-3.5 py-2">
          <dt className="shrink-0 text-muted-foreground">{name}</dt>
          <dd className="min-w-0 text-end break-words">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
