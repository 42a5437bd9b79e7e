import type { LucideIcon } from 'lucide-react'

/** A page that menus link to. */
export interface NavigationPage {
  href: string
  name(): string
  Icon: LucideIcon
  /** Further words by which the command menu finds it, separated by spaces. */
  keywords?(): string
}
