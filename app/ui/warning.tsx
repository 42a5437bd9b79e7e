import type { ReactNode } from 'react'

/** What does not work on a page, and why. */
export function Warning({ title, children }: { title: string; children: ReactNode }) {
  return (
    <p role="alert" className="rounded-xl border border-warning/50 px-4 py-3">
      <span className="font-medium text-warning">{title}</span> {children}
    </p>
  )
}
