import { ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from './link'

interface Props {
  href: string
  children: ReactNode
}

/** Links to the page above this one. */
export function BackLink({ href, children }: Props) {
  return (
    <Link
      href={href}
      className="mb-1 inline-flex items-center gap-1 text-sm text-muted-foreground hover:text-foreground"
    >
      <ChevronLeft className="size-3.5 rtl:-scale-x-100" aria-hidden />
      {children}
    </Link>
  )
}
