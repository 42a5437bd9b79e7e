import type { ReactNode } from 'react'
import { Link } from '@/app/ui/link'

interface Props {
  href: string
  children: ReactNode
}

/** A link between pages for signed-out users. */
export const AuthLink = ({ href, children }: Props) => (
  <Link href={href} className="text-sm text-muted-foreground hover:underline">
    {children}
  </Link>
)
