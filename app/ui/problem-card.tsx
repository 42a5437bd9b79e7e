import type { ReactNode } from 'react'

interface Props {
  title: string
  children?: ReactNode
}

/** A problem of the server that an administrator has to fix. */
export const ProblemCard = ({ title, children }: Props) => (
  <div role="alert" className="rounded-xl border-2 border-destructive bg-destructive/10 px-5 py-4">
    <p className="text-lg font-semibold text-destructive">{title}</p>
    {children}
  </div>
)
