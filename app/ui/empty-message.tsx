import type { ReactNode } from 'react'

/** Shown instead of an empty list. */
export const EmptyMessage = ({ children }: { children: ReactNode }) => (
  <p className="py-10 text-center text-muted-foreground">{children}</p>
)
